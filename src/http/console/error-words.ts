/** Korean words for errors that a person can meet on a page, by code; English stands where they are thrown (src/errors.ts). */
import type { BroadsheetError, ErrorCode } from '../../errors.ts';
import { TemplateInvalid } from '../../render/own/flaw.ts';
import { reasonWords } from './reason-words.ts';
import { flawIn } from './settings/template-words.ts';

/** Of the API and of commands alone: no page can meet them. */
type OffPages =
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'ROUTE_UNKNOWN'
  | 'METHOD_WRONG'
  | 'MEDIA_TYPE_WRONG'
  | 'BODY_TOO_LARGE'
  | 'BODY_UNREADABLE'
  | 'CURSOR_INVALID'
  | 'REQUEST_INVALID'
  | 'RATE_EXCEEDED'
  | 'IDEMPOTENCY_KEY_INVALID'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_KEY_RUNNING'
  | 'MOVE_IN_UNREADABLE'
  | 'STAFF_UNKNOWN'
  | 'BACKUP_UNWRITABLE'
  | 'BACKUP_DAMAGED'
  | 'BACKUP_NEWER'
  | 'DATABASE_OCCUPIED'
  | 'DATABASE_IN_USE';

export type PageCode = Exclude<ErrorCode, OffPages>;

type What = string | ((error: BroadsheetError) => string);

/** A server's own words stay as they are. */
const quoted =
  (what: string) =>
  ({ message }: BroadsheetError) =>
    `${what}: ${message}`;

const withValues =
  (what: string, whenKnown: (values: Record<string, string | number>) => string) =>
  ({ values }: BroadsheetError) =>
    values ? whenKnown(values) : what;

export const errorWordsKo: Record<PageCode, readonly [what: What, help: string]> = {
  USAGE: ['함께 고를 수 없는 것이 있거나 값이 맞지 않아요.', '뒤로 가서 고른 것을 확인해 주세요.'],
  CONFIG_INVALID: ['서버의 환경 변수에 쓸 수 없는 값이 있어요.', '서버를 관리하는 분이 설정을 고치고 다시 켜야 해요.'],
  FILE_UNREADABLE: ['파일을 읽을 수 없어요.', '파일이 있는지, 읽을 수 있는지 확인해 주세요.'],
  PUBLICATION_INVALID: ['이 설정으로는 메일을 만들 수 없어요.', '바꾼 칸을 확인해 주세요.'],
  TEMPLATE_INVALID: [
    error => (error instanceof TemplateInvalid ? flawIn('ko', error) : '간행물의 메일 서식이 맞지 않아요.'),
    '설정의 메일 서식에서 고치거나 기본 서식으로 되돌려 주세요.',
  ],
  PUBLICATION_UNKNOWN: ['그런 간행물이 없어요.', '설정의 간행물 목록에서 확인해 주세요.'],
  LANES_INVALID: ['LANES_FILE에 쓸 수 없는 값이 있어요.', '서버를 관리하는 분이 파일을 고치고 다시 켜야 해요.'],
  ISSUE_UNKNOWN: ['그런 이슈가 없어요.', '이슈 목록에서 확인해 주세요.'],
  MANUSCRIPT_UNKNOWN: ['그런 원고가 없어요. 누가 버렸을 수 있어요.', '글 목록에서 확인해 주세요.'],
  ISSUE_REFUSED: ['검사에서 오류가 나와 아무것도 보내지 않았어요.', '표시된 줄을 고치고 다시 보내 주세요.'],
  ISSUE_ALREADY_SENT: [
    '같은 글이나 같은 주소의 이슈를 이미 보냈어요.',
    '이슈 목록을 확인해 주세요. 새 이슈라면 글이나 slug를 바꾸어 주세요.',
  ],
  ISSUE_UNCHANGED: ['이미 나가 있는 글과 같아서 정정할 것이 없어요.', '글을 고친 뒤 다시 눌러 주세요.'],
  ISSUE_CORRECTED: ['그동안 다른 사람이 이 이슈를 정정했어요.', '지금 내용을 확인한 뒤 다시 해 주세요.'],
  RESEND_UNSURE: [
    '이미 받았을지 모르는 독자가 있어요. 보낸 뒤 릴레이의 답을 받지 못했어요.',
    '두 번 받아도 괜찮을 때만 다시 보내 주세요.',
  ],
  ISSUE_STATE: ['지금 상태의 이슈로는 할 수 없는 일이에요.', '이슈 페이지에서 상태를 다시 확인해 주세요.'],
  MANUSCRIPT_CHANGED: [
    '그동안 다른 사람이 이 글을 저장했어요. 덮어쓴 것은 없어요.',
    '저장된 글을 확인한 뒤 다시 해 주세요.',
  ],
  EDITION_NEWER: [
    '더 새로운 버전의 Broadsheet가 저장한 이슈예요.',
    '그 버전의 프로세스가 보내요. 나머지도 새 버전으로 바꾸어 주세요.',
  ],
  EDITION_UNREADABLE: [
    '저장된 이슈의 글을 읽을 수 없어요.',
    '백업에서 데이터베이스를 되살리거나 이슈를 취소해 주세요.',
  ],
  CSV_UNREADABLE: [
    ({ message }) => reasonWords(message, 'ko') ?? '파일을 이메일 열이 있는 CSV로 읽을 수 없어요.',
    '가져온 것은 없어요. 파일을 만든 프로그램에서 CSV(UTF-8)로 저장한 뒤 다시 올려 주세요.',
  ],
  POOL_UNKNOWN: [
    withValues('글에 적은 할인 코드 묶음이 없어요.', v => `이 간행물에 할인 코드 묶음(${v.pool})이 없어요.`),
    '서버에서 이렇게 채울 수 있어요: broadsheet codes add NAME FILE --publication SLUG',
  ],
  POOL_EXPIRED: [
    withValues(
      '이슈가 닿을 때는 할인 코드를 쓸 수 없어요.',
      v => `할인 코드 묶음(${v.pool})은 ${v.expires}까지만 쓸 수 있어요.`,
    ),
    '다른 묶음을 적거나, 서버에서 broadsheet codes add --expires로 마지막 날을 늘려 주세요.',
  ],
  CODES_SHORT: [
    withValues(
      '할인 코드가 받을 독자보다 적어요.',
      v => `할인 코드 묶음(${v.pool})에 남은 코드는 ${v.free}개인데 받을 독자는 ${v.wanted}명이에요.`,
    ),
    '서버에서 더 넣어 주세요: broadsheet codes add NAME FILE --publication SLUG',
  ],
  SUBSCRIBER_UNKNOWN: ['그런 독자가 없어요.', '독자 목록에서 확인해 주세요.'],
  ADDRESS_INVALID: [
    ({ message }) => reasonWords(message, 'ko') ?? '메일을 보낼 수 있는 주소가 아니에요.',
    '주소의 철자를 확인해 주세요.',
  ],
  WEBHOOK_URL: ['이 주소로는 보낼 수 없어요.', '사용자, 비밀번호, #이 없는 공개 서버의 https 주소를 적어 주세요.'],
  WEBHOOK_UNKNOWN: ['그런 웹훅이 없어요.', '설정의 웹훅 목록에서 확인해 주세요.'],
  WEBHOOKS_FULL: ['웹훅이 이미 한도만큼 있어요.', '쓰지 않는 것을 지워 주세요.'],
  WEBHOOK_SECRET: [
    '웹훅의 비밀을 잠근 키가 SECRET_KEYS에 없어요.',
    '그 키를 되돌리거나, 웹훅 페이지에서 비밀을 새로 만들어 주세요.',
  ],
  ALERT_UNKNOWN: ['이미 닫힌 알림이에요.', '운영 페이지를 다시 불러와 주세요.'],
  DKIM_INVALID: [
    'DKIM 키로 서명할 수 없어서 메일이 서명 없이 나가게 돼요.',
    'DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY_FILE을 확인해 주세요. 설정의 도메인 페이지에서 까닭을 볼 수 있어요.',
  ],
  SECRET_KEYS_MISSING: [
    '데이터베이스는 정했는데 SECRET_KEYS가 없어요.',
    '독자의 링크를 서명하는 키예요. 무작위 글자 32자 이상으로 정해 주세요.',
  ],
  SMTP_UNSET: ['릴레이가 없어요.', 'SMTP_URL을 정해 주세요. 예: smtp://user:password@relay.example:587'],
  RELAY_UNKNOWN: [
    '간행물에 적은 릴레이 이름이 SMTP_URL에 없어요.',
    '간행물의 릴레이나 SMTP_URL의 ?name= 가운데 하나를 고쳐 주세요.',
  ],
  SMTP_UNREACHABLE: [
    quoted('릴레이가 답하지 않거나 받아 주지 않아 아무것도 보내지 않았어요'),
    'SMTP_URL과 릴레이를 확인해 주세요.',
  ],
  SMTP_REFUSED: [
    quoted('메일을 보내기도 전에 릴레이가 거절했어요'),
    'SMTP_URL의 로그인과 릴레이 계정의 상태를 확인한 뒤 이슈를 다시 시작해 주세요.',
  ],
  DATABASE_UNREACHABLE: [quoted('Postgres가 답하지 않아요'), '서버의 DATABASE_URL을 확인해 주세요.'],
  REDIS_UNREACHABLE: [quoted('Redis가 답하지 않아요'), '서버의 REDIS_URL을 확인해 주세요.'],
  REDIS_UNSAFE: [
    '메모리가 모자라면 Redis가 대기열에 든 일을 버릴 수 있어요.',
    'maxmemory-policy를 noeviction으로 정해 주세요.',
  ],
  REDIS_MISSING: ['redis-server도 valkey-server도 없어요.', 'scripts/setup.mjs를 실행하거나 REDIS_URL을 정해 주세요.'],
  EMBEDDED_FAILED: ['내장 서버가 켜지지 않았어요.', 'DATA_DIR의 로그를 확인해 주세요.'],
  SEGMENT_UNKNOWN: ['간행물에 그런 이름의 세그먼트가 없어요.', '독자의 세그먼트 목록에서 확인해 주세요.'],
  SUBSCRIBER_SUPPRESSED: [
    '발송이 금지된 주소예요. 반송되었거나, 신고했거나, 주인이 부탁했어요.',
    '주인이 다시 받고 싶어 할 때만 발송 금지 목록에서 풀어 주세요.',
  ],
  BUSY: ['다른 곳에서 같은 일을 하고 있어요.', '잠시 뒤 다시 해 주세요.'],
  UNAVAILABLE: ['필요한 서비스가 답하지 않아요.', '잠시 뒤 다시 해 주세요.'],
  INTERNAL: ['서버에서 문제가 생겼어요.', '잠시 뒤 다시 해 주세요. 계속되면 서버의 로그를 확인해 주세요.'],
};
