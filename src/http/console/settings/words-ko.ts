/** Korean words of the settings. */
import type { SettingsWords } from './words-en.ts';

export const ko: SettingsWords = {
  tabs: {
    publications: '간행물',
    domains: '도메인',
    relays: '릴레이',
    comments: '댓글',
    webhooks: '웹훅',
    tokens: 'API 토큰',
    people: '사람들',
    audit: '감사 기록',
    backups: '백업',
  },
  said: {
    saved: '저장했어요.',
    uninvited: '초대를 취소했어요. 링크는 이제 쓸 수 없어요.',
    removed: '내보냈고 로그아웃했어요.',
    tokenRevoked: '토큰을 폐기했어요. 이 토큰을 쓰는 프로그램은 이제 거절돼요.',
  },
};
