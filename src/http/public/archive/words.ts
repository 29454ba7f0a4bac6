/** The words of the archive's pages in each language; Korean in 해요체. Keys are complete by type. */
import type { Language } from '../words.ts';

export interface ArchiveWords {
  skip: string;
  /** Names the row of links under the masthead. */
  ways: string;
  issues: string;
  glossary: string;
  search: string;
  feed: string;
  contents: string;
  untitledPart: { greeting: string; highlights: string; promo: string };
  older: string;
  newer: string;
  olderSummary: string;
  newerSummary: string;
  /** On a summary's page: "이 요약이 실린 호". */
  fromIssue: string;
  wholeIssue: string;
  termsHere: string;
  shareIssue: string;
  shareSummary: string;
  byMail: string;
  copy: string;
  copied: string;
  moreOnTerm: string;
  advertisement: string;
  promoCode: string;
  /** In place of a code, where each reader has one of their own. */
  promoOwn: string;
  promoAction: string;
  promoExpires: (date: string) => string;
  corrections: string;
  subscribe: string;
  subscribeLead: (name: string) => string;
  searchTitle: string;
  searchHint: string;
  searchButton: string;
  found: (query: string) => string;
  nothing: (query: string) => string;
  nothingHint: string;
  more: string;
  slow: string;
  /** Kind of a hit. */
  whole: string;
  summary: (number: number) => string;
  glossaryTitle: (name: string) => string;
  glossaryLead: (terms: number) => string;
  glossaryEmpty: string;
  glossaryNothing: (query: string) => string;
  glossaryAll: string;
  termHint: string;
  letters: string;
  other: string;
  asOf: (date: string) => string;
  definedIn: string;
  explainedBefore: string;
  defined: (times: number) => string;
  busy: string;
}

const ko: ArchiveWords = {
  skip: '본문으로 건너뛰기',
  ways: '둘러보기',
  issues: '지난 호',
  glossary: '용어집',
  search: '검색',
  feed: '피드',
  contents: '이번 호 차례',
  untitledPart: { greeting: '인사말', highlights: '이번 호 요약', promo: '알림' },
  older: '이전 호',
  newer: '다음 호',
  olderSummary: '앞 요약',
  newerSummary: '다음 요약',
  fromIssue: '이 요약이 실린 호',
  wholeIssue: '이번 호 전체 읽기',
  termsHere: '이 글에 나온 용어',
  shareIssue: '이번 호 공유하기',
  shareSummary: '이 요약 공유하기',
  byMail: '메일로 보내기',
  copy: '주소 복사',
  copied: '복사했어요',
  moreOnTerm: '용어집에서 더 보기',
  advertisement: '광고',
  promoCode: '할인 코드',
  promoOwn: '할인 코드는 구독자마다 하나씩 메일로 보내 드렸어요.',
  promoAction: '자세히 보기',
  promoExpires: date => `${date}까지 쓸 수 있어요`,
  corrections: '바로잡은 내용',
  subscribe: '구독하기',
  subscribeLead: name => `다음 호부터 ‘${name}’를 메일로 받아 보세요.`,
  searchTitle: '지난 호에서 찾기',
  searchHint: '논문 이름, 용어, 주제 …',
  searchButton: '찾기',
  found: query => `‘${query}’ 검색 결과`,
  nothing: query => `‘${query}’에 맞는 글이 없어요.`,
  nothingHint: '낱말을 줄이거나 다른 말로 찾아 보세요. 낱말을 여럿 쓰면 모두 들어 있는 글만 나와요.',
  more: '결과 더 보기',
  slow: '검색이 너무 오래 걸려 멈췄어요. 낱말을 더 구체적으로 적어 주세요.',
  whole: '이번 호 본문',
  summary: number => `요약 ${number}`,
  glossaryTitle: name => `${name} 용어집`,
  glossaryLead: terms => `지금까지 풀이한 용어 ${terms.toLocaleString('ko')}개를 모았어요.`,
  glossaryEmpty: '아직 풀이한 용어가 없어요. 용어집이 있는 호가 나오면 여기에 모여요.',
  glossaryNothing: query => `‘${query}’에 맞는 용어가 없어요.`,
  glossaryAll: '모든 용어 보기',
  termHint: '용어나 약어',
  letters: '첫 글자로 찾기',
  other: '기타',
  asOf: date => `${date} 풀이`,
  definedIn: '이 용어를 풀이한 호',
  explainedBefore: '지난 호의 풀이예요.',
  defined: times => (times === 1 ? '한 번 풀이했어요' : `${times}번 풀이했어요`),
  busy: '지금은 그림을 만들 수 없어요. 잠시 뒤에 다시 시도해 주세요.',
};

const en: ArchiveWords = {
  skip: 'Skip to the text',
  ways: 'Browse',
  issues: 'Past issues',
  glossary: 'Glossary',
  search: 'Search',
  feed: 'Feed',
  contents: 'In this issue',
  untitledPart: { greeting: 'Welcome', highlights: 'Highlights', promo: 'Notice' },
  older: 'Previous issue',
  newer: 'Next issue',
  olderSummary: 'Previous summary',
  newerSummary: 'Next summary',
  fromIssue: 'This summary is from',
  wholeIssue: 'Read the whole issue',
  termsHere: 'Terms used here',
  shareIssue: 'Share this issue',
  shareSummary: 'Share this summary',
  byMail: 'Send by e-mail',
  copy: 'Copy address',
  copied: 'Copied',
  moreOnTerm: 'More in the glossary',
  advertisement: 'Advertisement',
  promoCode: 'Discount code',
  promoOwn: 'Every subscriber got a code of their own by e-mail.',
  promoAction: 'See the offer',
  promoExpires: date => `Valid until ${date}`,
  corrections: 'Corrections',
  subscribe: 'Subscribe',
  subscribeLead: name => `Get the next issue of ${name} by e-mail.`,
  searchTitle: 'Search past issues',
  searchHint: 'A paper, a term, a topic …',
  searchButton: 'Search',
  found: query => `Results for “${query}”`,
  nothing: query => `Nothing fits “${query}”.`,
  nothingHint: 'Use fewer words or other ones. With several words, only texts that have all of them are shown.',
  more: 'More results',
  slow: 'The search took too long and was stopped. Use more specific words.',
  whole: 'Issue',
  summary: number => `Summary ${number}`,
  glossaryTitle: name => `Glossary of ${name}`,
  glossaryLead: terms =>
    terms === 1 ? 'One term explained so far.' : `${terms.toLocaleString('en')} terms explained so far.`,
  glossaryEmpty: 'No terms have been explained yet. They gather here once an issue brings a glossary.',
  glossaryNothing: query => `No term fits “${query}”.`,
  glossaryAll: 'Show all terms',
  termHint: 'A term or abbreviation',
  letters: 'By first letter',
  other: 'Other',
  asOf: date => `As explained on ${date}`,
  definedIn: 'Explained in',
  explainedBefore: 'As an earlier issue explained it.',
  defined: times => (times === 1 ? 'explained once' : `explained ${times} times`),
  busy: 'The picture cannot be made just now. Try again in a moment.',
};

export const archiveWords: Record<Language, ArchiveWords> = { ko, en };
