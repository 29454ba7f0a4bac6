/** Stibee (스티비): the CSV of 주소록 → 구독자 목록 내보내기. Its columns are named by the address book's owner, so several names are known. */
import { type Moved, moved, type SourceSystem, type Standing, unknownState, yesOrNo } from './moved.ts';

const states: Record<string, { standing: Standing; reason?: string }> = {
  구독중: { standing: 'active' },
  구독: { standing: 'active' },
  subscribed: { standing: 'active' },
  구독확인대기: { standing: 'pending' },
  구독대기: { standing: 'pending' },
  확인대기: { standing: 'pending' },
  pending: { standing: 'pending' },
  수신거부: { standing: 'unsubscribed' },
  구독취소: { standing: 'unsubscribed' },
  구독해지: { standing: 'unsubscribed' },
  unsubscribed: { standing: 'unsubscribed' },
  // Stibee removes addresses that bounced.
  자동삭제: { standing: 'suppressed', reason: 'auto-removed' },
  자동삭제됨: { standing: 'suppressed', reason: 'auto-removed' },
  스팸신고: { standing: 'suppressed', reason: 'complaint' },
};

const known = ['구독 중', '구독 확인 대기', '수신거부', '자동 삭제', '스팸 신고'];

export const stibee: SourceSystem = {
  name: 'stibee',
  label: 'Stibee',
  requires: [
    ['이메일 주소', '이메일', '이메일주소'],
    ['구독 상태', '상태', '구독상태'],
  ],
  read(row): Moved {
    const cell = row.get('구독 상태', '상태');
    const state = states[cell.normalize('NFC').replace(/\s/g, '').toLowerCase()];
    if (!state) return unknownState('구독 상태', cell, known);
    return moved('stibee', {
      email: row.get('이메일 주소', '이메일'),
      name: row.get('이름', '성명', '성함'),
      ...state,
      // Korean time, without saying so.
      zone: '+09:00',
      times: {
        joinedAt: row.get('구독 시작일', '구독일', '가입일', '추가일', '등록일'),
        leftAt: row.get('수신거부일', '자동 삭제일', '구독 상태 변경일', '상태 변경일'),
      },
      adConsent: yesOrNo(row.get('광고성 정보 수신동의', '광고성 정보 수신 동의 여부', '$ad_agreed')),
    });
  },
};
