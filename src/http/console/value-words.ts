/**
 * What is wrong with a value, as zod found it, in the words of a page. zod has a Korean locale, which is set for the whole process and says
 * types of the program (“string이 너무 작습니다”): here each issue is said anew, for the reader of this page.
 */
import type { z } from 'zod';
import type { Language } from '../language.ts';

type ZodIssue = z.core.$ZodIssue;

interface Words {
  missing: string;
  empty: string;
  short: (least: number) => string;
  long: (most: number) => string;
  few: (least: number) => string;
  many: (most: number) => string;
  /** Numbers. */
  low: (least: number) => string;
  high: (most: number) => string;
  number: string;
  whole: string;
  url: string;
  date: string;
  choice: string;
  name: (name: string) => string;
  unknown: (names: string) => string;
  other: string;
}

const number = (n: number, language: Language) => n.toLocaleString(language);

const en: Words = {
  missing: 'is needed',
  empty: 'is needed',
  short: least => `has at least ${number(least, 'en')} characters`,
  long: most => `has at most ${number(most, 'en')} characters`,
  few: least => `has at least ${number(least, 'en')} entries`,
  many: most => `has at most ${number(most, 'en')} entries`,
  low: least => `must be ${number(least, 'en')} or more`,
  high: most => `must be ${number(most, 'en')} or less`,
  number: 'is not a number',
  whole: 'must be a whole number',
  url: 'is not an http(s) address',
  date: 'is not a date like 2026-11-25',
  choice: 'is none of the choices',
  name: name => `“${name}” cannot be a name: use letters, digits, _ and -, and begin with a letter`,
  unknown: names => `is not known: ${names}`,
  other: 'cannot be used',
};

const ko: Words = {
  missing: '꼭 필요해요',
  empty: '꼭 필요해요',
  short: least => `${number(least, 'ko')}자 이상이어야 해요`,
  long: most => `${number(most, 'ko')}자까지 쓸 수 있어요`,
  few: least => `${number(least, 'ko')}개 이상 필요해요`,
  many: most => `${number(most, 'ko')}개까지 적을 수 있어요`,
  low: least => `${number(least, 'ko')} 이상이어야 해요`,
  high: most => `${number(most, 'ko')} 이하여야 해요`,
  number: '숫자가 아니에요',
  whole: '소수점 없는 숫자여야 해요',
  url: 'http(s) 주소가 아니에요',
  date: '2026-11-25 같은 날짜가 아니에요',
  choice: '고를 수 있는 값이 아니에요',
  name: name => `“${name}”은(는) 이름으로 쓸 수 없어요. 글자로 시작하고 글자, 숫자, _, -만 써 주세요`,
  unknown: names => `알 수 없는 항목이에요: ${names}`,
  other: '쓸 수 없는 값이에요',
};

/** What schemas say themselves of a value, by their English words. */
const own: Record<string, string> = {
  'is not an e-mail address': '이메일 주소가 아니에요',
  'must be one line without control characters': '제어 문자 없는 한 줄이어야 해요',
  'is not a time zone: use a name like Asia/Seoul': '시간대가 아니에요. Asia/Seoul 같은 이름을 써 주세요',
  'use 1–40 small letters, digits and inner hyphens':
    '영문 소문자와 숫자 1~40자를 쓰고, 하이픈은 가운데에만 쓸 수 있어요',
  'is on a free mail domain: mailbox providers reject bulk mail from it (DMARC). Use your own domain':
    '무료 메일 주소예요. 메일 서비스가 대량 메일을 거절하니(DMARC) 직접 가진 도메인을 써 주세요',
  'use #rrggbb': '#rrggbb 형식으로 써 주세요',
  'a relay name has small letters, digits and hyphens': '릴레이 이름에는 영문 소문자, 숫자, 하이픈만 쓸 수 있어요',
  'must be more than start': '첫날 통수보다 커야 해요',
};

export function valueWords(issue: ZodIssue, language: Language): string {
  const words = language === 'ko' ? ko : en;
  switch (issue.code) {
    case 'invalid_type':
      return typeWords(issue, words);
    case 'too_small':
      return sizeWords(issue.origin, Number(issue.minimum), words.low, words.few, least =>
        least === 1 ? words.empty : words.short(least),
      );
    case 'too_big':
      return sizeWords(issue.origin, Number(issue.maximum), words.high, words.many, words.long);
    case 'invalid_format':
      return formatWords(issue, words, language);
    case 'invalid_value':
      return words.choice;
    case 'invalid_key':
      return words.name(String(issue.path.at(-1)).slice(0, 80));
    case 'unrecognized_keys':
      return words.unknown(issue.keys.slice(0, 5).join(', ').slice(0, 200));
    case 'custom':
      return ownWords(issue.message, words, language);
    default:
      return words.other;
  }
}

/** Of a union the branch that fits best, so that its own issue is told: an object's field rather than that it is no text. */
export function nearestIssue(issue: ZodIssue): ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const first = issue.errors.flatMap(([each]) => each ?? []);
  const near = first.find(each => each.path.length > 0 || each.code !== 'invalid_type') ?? first[0];
  return near ? nearestIssue({ ...near, path: [...issue.path, ...near.path] } as ZodIssue) : issue;
}

function typeWords({ expected, message }: z.core.$ZodIssueInvalidType, words: Words): string {
  if (/received undefined$/.test(message)) return words.missing;
  if (expected === 'int') return words.whole;
  return expected === 'number' ? words.number : words.other;
}

function sizeWords(
  origin: string,
  limit: number,
  ofNumber: (n: number) => string,
  ofList: (n: number) => string,
  ofText: (n: number) => string,
): string {
  if (origin === 'string') return ofText(limit);
  return origin === 'number' || origin === 'int' ? ofNumber(limit) : ofList(limit);
}

function formatWords({ format, message }: z.core.$ZodIssueInvalidStringFormat, words: Words, language: Language) {
  if (format === 'url') return words.url;
  if (format === 'date') return words.date;
  return ownWords(message, words, language);
}

function ownWords(message: string, words: Words, language: Language): string {
  // zod's own words of a pattern show the pattern, which helps nobody.
  if (/^Invalid /.test(message)) return words.other;
  return language === 'en' ? message : (own[message] ?? words.other);
}
