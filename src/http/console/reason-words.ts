/**
 * Reasons that are stored as English sentences, in Korean: why a row of a file was refused, why a file cannot be read, why an issue is held, what became of a message,
 * why a webhook was not taken, why a part of a page cannot be read. They are written by src/subscribers, src/db/issues, src/model/breaker, src/deliver, src/webhooks and operate/gather; what is in quotes or numbers is taken over.
 */
import type { Language } from '../language.ts';
import { issueWords } from './issues/words.ts';

type Said = (found: RegExpExecArray) => string;

const formats: Record<string, string> = {
  'an Excel workbook or another ZIP file': '엑셀 파일이거나 다른 ZIP 파일',
  'an empty ZIP file': '빈 ZIP 파일',
  'an old Excel workbook (.xls)': '예전 엑셀 파일(.xls)',
  'a PDF document': 'PDF 문서',
  'compressed (gzip)': '압축 파일(gzip)',
  'a picture (PNG)': '그림(PNG)',
  'a picture (JPEG)': '그림(JPEG)',
  'a web page or XML document': '웹 페이지나 XML 문서',
  'an RTF document': 'RTF 문서',
  binary: '글이 아닌 파일',
};

const addresses: [RegExp, Said][] = [
  [/^the address is too long$/, () => '주소가 너무 길어요'],
  [/^the address is empty$/, () => '주소가 비어 있어요'],
  [/^this is not an e-mail address: it has no @$/, () => '@이 없어 이메일 주소가 아니에요'],
  [/^there is more than one address$/, () => '주소가 둘 이상 들어 있어요'],
  [/^the address has more than one @$/, () => '주소에 @이 둘 이상이에요'],
  [/^the address has a space in it$/, () => '주소에 빈칸이 있어요'],
  [/^the address has a control character in it$/, () => '주소에 제어 문자가 있어요'],
  [/^the address has a damaged character in it$/, () => '주소에 깨진 글자가 있어요'],
  [/^nothing stands before the @$/, () => '@ 앞이 비어 있어요'],
  [/^nothing stands after the @$/, () => '@ 뒤가 비어 있어요'],
  [/^the part before the @ is longer than (\d+) bytes$/, ([, n]) => `@ 앞이 ${n}바이트보다 길어요`],
  [
    /^“(.*)” is not a domain that mail can be sent to$/s,
    ([, name]) => `“${name}”: 메일을 보낼 수 있는 도메인이 아니에요`,
  ],
  [
    /^the part before the @ has characters or dots that mail servers refuse$/,
    () => '@ 앞에 메일 서버가 받지 않는 글자나 점이 있어요',
  ],
  [/^the address is longer than (\d+) bytes$/, ([, n]) => `주소가 ${n}바이트보다 길어요`],
];

const files: [RegExp, Said][] = [
  [/^the line is too long to be a row$/, () => '한 행이라고 보기에는 줄이 너무 길어요'],
  [/^a quotation mark on this line is never closed$/, () => '이 줄에서 연 따옴표가 닫히지 않았어요'],
  [/^the name is longer than (\d+) characters$/, ([, n]) => `이름이 ${n}자보다 길어요`],
  [/^“(.*)” is longer than (\d+) characters$/s, ([, field, n]) => `“${field}” 값이 ${n}자보다 길어요`],
  [
    /^there are (\d+) values for (\d+) columns/,
    ([, values, columns]) => `열은 ${columns}개인데 값이 ${values}개예요. 구분 기호가 든 값은 따옴표로 감싸야 해요`,
  ],
  [/^the file is empty$/, () => '파일이 비어 있어요'],
  [/^the file has no rows$/, () => '파일에 행이 없어요'],
  [/^the file is (.*), not CSV$/, ([, what]) => `CSV가 아니라 ${formats[what!] ?? '다른 형식'}이에요`],
  [/^several columns hold addresses: (.*)$/s, ([, names]) => `주소가 든 열이 여럿이에요: ${names}`],
  [/^no e-mail column; columns found: none$/, () => '이메일 주소가 든 열을 찾지 못했어요'],
  [/^no e-mail column; columns found: (.*)$/s, ([, names]) => `이메일 주소가 든 열을 찾지 못했어요. 찾은 열: ${names}`],
  [/^no column of addresses is named$/, () => '주소가 든 열을 정하지 않았어요'],
];

const holds: [RegExp, Said][] = [
  [/^CODES_SHORT: /, () => '독자 수만큼의 할인 코드가 없어요'],
  [
    /^(\d+) of (\d+) readers reported it as spam, more than ([\d.]+) %/,
    ([, n, of, limit]) => `독자 ${of}명 중 ${n}명이 스팸으로 신고했어요. 한도는 ${limit}%예요`,
  ],
  [
    /^(\d+) of (\d+) addresses do not exist, more than ([\d.]+) %/,
    ([, n, of, limit]) => `주소 ${of}개 중 ${n}개가 없는 주소예요. 한도는 ${limit}%예요`,
  ],
  [
    /^(\d+) of (\d+) messages were refused, more than ([\d.]+) %/,
    ([, n, of, limit]) => `메일 ${of}통 중 ${n}통이 거절되었어요. 한도는 ${limit}%예요`,
  ],
  [
    /^(\d+) of (?:the last )?(\d+) messages(?: to (\S+))? refused for what or who we are, the last: (.*)\. Mend the cause, resume/s,
    ([, n, of, lane, reply]) =>
      `${lane === undefined ? '' : `${lane}에 보낸 최근 `}메일 ${of}통 중 ${n}통이 우리 평판이나 내용 때문에 거절되었어요. 마지막 답: ${reply}`,
  ],
  [
    /^due (.+) UTC, (\d+) h (\d+) min ago; at most (\d+) min late is allowed/,
    ([, at, hours, minutes, most]) =>
      `예약 시각은 UTC ${at}인데 ${hours}시간 ${minutes}분이 지났어요. ${most}분까지만 늦어도 돼요`,
  ],
  [
    /^nothing has gone out for an hour, (\d+) h after it began/,
    ([, hours]) => `시작한 지 ${hours}시간이 지났는데 한 시간 동안 아무것도 나가지 않았어요`,
  ],
  [/^its sink is gone$/, () => '예행의 싱크가 사라졌어요'],
  [/^RELAY_UNKNOWN: /, () => '간행물에 적은 릴레이 이름이 SMTP_URL에 없어요'],
  [/^SMTP_UNSET: /, () => 'SMTP_URL에 릴레이가 없어요'],
  [/^SMTP_(?:REFUSED|UNREACHABLE): (.*)$/s, ([, reply]) => `릴레이의 답: ${reply}`],
  [/^DKIM_INVALID: /, () => 'DKIM 키로 서명할 수 없어요'],
  [/^EDITION_(?:NEWER|UNREADABLE): /, () => '저장된 이슈의 글을 이 버전으로 읽을 수 없어요'],
];

const webhooks: [RegExp, Said][] = [
  [/^it is not a URL$/, () => '주소의 형식이 아니에요'],
  [/^it holds a user or password$/, () => '사용자나 비밀번호가 들어 있어요'],
  [/^it has a fragment/, () => '주소에 #이 들어 있어요'],
  [/^it is not https$/, () => 'https 주소가 아니에요'],
  [/^(\S+) is (?:not a public address|not public)$/, ([, host]) => `${host}: 공개된 주소가 아니에요`],
  [/^(\S+) has no public address$/, ([, host]) => `${host}: 공개된 주소가 없어요`],
  [/^(\S+) is this machine$/, ([, host]) => `${host}: 이 서버 자신의 주소예요`],
  [/^no answer in ([\d.]+) s$/, ([, seconds]) => `${seconds}초 동안 답이 없었어요`],
  [/^the connection was closed without an answer$/, () => '답 없이 연결이 끊겼어요'],
  [/^no connection$/, () => '연결하지 못했어요'],
  [/^HTTP (\d+), a redirect/, ([, status]) => `HTTP ${status}: 다른 주소로 보내요. 마지막 주소를 적어 주세요`],
];

const ledger: [RegExp, Said][] = [
  [/^connection lost after the message was sent$/, () => '보낸 뒤 답을 받기 전에 연결이 끊겼어요'],
  [/^no usable reply after the message was sent$/, () => '보낸 뒤 알아볼 수 있는 답이 오지 않았어요'],
  [/^connection lost before the message was complete/, () => '다 보내기 전에 연결이 끊겼어요'],
  [/^worker lost$/, () => '보내던 프로세스가 사라졌어요'],
  [/^in flight when the backup was made$/, () => '백업할 때 보내는 중이었어요'],
];

const services: [RegExp, Said][] = [[/^took too long$/, () => '답이 너무 늦어요']];

const patterns = [...addresses, ...files, ...holds, ...ledger, ...webhooks, ...services];

/** @returns undefined when the reason is to be shown as it stands: an English sentence on an English page, or a server's own words */
export function reasonWords(reason: string, language: Language): string | undefined {
  // Short names of what became of a message: `hard-bounce`.
  const named = issueWords[language].reasons[reason];
  if (named !== undefined || language === 'en') return named;
  for (const [pattern, said] of patterns) {
    const found = pattern.exec(reason);
    if (found) return said(found);
  }
  return undefined;
}
