/** What the panel of findings says. Problems themselves: problem-words. */
import type { Client, ClientFact } from '../../../check/clients.ts';
import type { InboxView } from '../../../check/inbox.ts';
import type { Group } from '../../../check/report.ts';
import type { SpamRule } from '../../../check/spam.ts';
import type { Language } from '../../language.ts';
import type { LinkState } from './reach.ts';

interface CheckWords {
  title: string;
  back: string;
  groups: Record<Group, string>;
  errors: (n: number) => string;
  warnings: (n: number) => string;
  allGood: string;
  mayGo: string;
  mustStop: string;
  line: (n: number) => string;
  error: string;
  warning: string;
  good: Record<Group, string>;
  bytes: (n: string) => string;
  sizeOf: (n: string, share: string) => string;
  gmailLine: (n: string) => string;
  sections: Record<string, string>;
  section: string;
  share: string;
  inboxAbout: string;
  clientsOf: Record<InboxView['client'], string>;
  widths: Record<InboxView['width'], string>;
  noPreheaderHere: string;
  cutOff: string;
  linkCount: (n: number) => string;
  reach: string;
  reaching: string;
  reachAbout: string;
  linkStates: Record<LinkState, string>;
  reachedSum: (reached: number, broken: number, other: number) => string;
  spamAbout: (points: string, limit: number) => string;
  points: (n: string) => string;
  spamRules: Record<SpamRule, string>;
  askSpam: string;
  spamReal: (score: string) => string;
  noSpam: string;
  clientFacts: Record<ClientFact, string>;
  clientNames: Record<Client, string>;
  clientsAbout: string;
  hurts: string;
  domainAsked: string;
  domainOf: (name: string) => string;
  states: Record<'ok' | 'warn' | 'fail' | 'not applicable', string>;
  accent: (brand: string, contrast: string, day: string) => string;
  failed: string;
  again: string;
  checking: string;
  publicationGone: string;
  empty: string;
}

const sectionsEn = {
  frame: 'Masthead, contents, footer',
  greeting: 'Greeting',
  highlights: 'Highlights',
  promo: 'Promo',
  glossary: 'Glossary',
  summary: 'Summary',
  prose: 'Prose',
  closing: 'Closing',
};

const en: CheckWords = {
  title: 'Check',
  back: 'Back to the text',
  groups: {
    law: 'Law and way out',
    size: 'Size',
    inbox: 'Subject and preview',
    text: 'Text',
    links: 'Links',
    fields: 'Merge fields',
    names: 'Names and terms',
    access: 'Accessibility',
    spam: 'Spam estimate',
    clients: 'Mail clients',
    domain: 'Domain and signature',
  },
  errors: n => (n === 1 ? '1 error' : `${n} errors`),
  warnings: n => (n === 1 ? '1 warning' : `${n} warnings`),
  allGood: 'Nothing to do',
  mayGo: 'It can be sent. Look at the warnings first.',
  mustStop: 'Errors stop the send: correct them first.',
  line: n => `Line ${n}`,
  error: 'Error',
  warning: 'Warning',
  good: {
    law: 'The labels and the footer are as they must be.',
    size: 'It arrives whole in Gmail.',
    inbox: 'Subject and preview text fit.',
    text: 'The text is read as it was meant.',
    links: 'The addresses are well formed.',
    fields: 'Every field has something to say to everyone.',
    names: 'Names are spelled as in the glossary.',
    access: 'It can be read out in order.',
    spam: 'Nothing that filters dislike.',
    clients: 'Every client shows what matters.',
    domain: 'Mail is signed and the records are in place.',
  },
  bytes: n => `${n} bytes`,
  sizeOf: (n, share) => `${n} bytes of HTML, ${share} of Gmail’s limit`,
  gmailLine: n => `Gmail cuts at ${n}`,
  sections: sectionsEn,
  section: 'Section',
  share: 'Share',
  inboxAbout: 'As lists of mail show it, roughly: fonts and settings differ.',
  clientsOf: { gmail: 'Gmail', naver: 'Naver Mail', apple: 'Apple Mail' },
  widths: { phone: 'phone', desktop: 'computer' },
  noPreheaderHere: 'This list shows no preview text.',
  cutOff: 'cut off:',
  linkCount: n => (n === 1 ? '1 address' : `${n} addresses`),
  reach: 'Try all links',
  reaching: 'Trying …',
  reachAbout: 'Asks each site once, from this server. Answers are kept for a quarter of an hour.',
  linkStates: { reached: 'Works', broken: 'Broken', unsure: 'Unsure', private: 'Not public' },
  reachedSum: (reached, broken, other) =>
    `${reached} work, ${broken} broken, ${other} unsure. Unsure: look yourself, many sites refuse programs.`,
  spamAbout: (points, limit) =>
    `${points} of ${limit} points. An estimate by the rules shown; what readers do and your domain’s name weigh more.`,
  points: n => `${n} points`,
  spamRules: {
    unsigned: 'Mail leaves without a DKIM signature',
    fakeReply: 'The subject pretends to be an answer',
    shouting: 'The subject is all capitals',
    marks: 'Rows of !, ?, ★ or currency signs in the subject',
    emoji: 'Several emoji in the subject',
    pressing: 'Words of advertisers in the subject',
    numberHost: 'A link leads to a bare IP address',
    shortened: 'Shortened addresses',
    disguised: 'A link shows another address than it leads to',
    plainHttp: 'Links without encryption',
    manyLinks: 'More than 120 links',
    pictureOnly: 'Pictures with hardly any text',
    large: 'Larger than 90,000 bytes',
    bodyPressing: 'Many words of advertisers in the text',
    noPreheader: 'No preview text',
  },
  askSpam: 'Ask SpamAssassin',
  spamReal: score => `SpamAssassin on this server: ${score} points`,
  noSpam: 'SpamAssassin is not installed on this server, or busy. The estimate above stands alone.',
  clientFacts: {
    jumps: 'Jump links do nothing; the text is all there.',
    night: 'The client chooses night colours by itself, or stays light.',
    rounded: 'Buttons have square corners.',
    wide: 'Margins stay those of phones.',
    breaks: 'A long address may break late; words stay whole.',
    wraps: 'Titles may end in one short line.',
    code: 'Code loses its line breaks’ exact look.',
    fluid: 'Pictures keep the width written beside them.',
    moving: 'Moving pictures show their first frame.',
    webp: 'WebP pictures are not shown.',
    avif: 'AVIF pictures are not shown.',
    svg: 'SVG pictures are not shown.',
  },
  clientNames: {
    gmail: 'Gmail',
    gmailApp: 'Gmail app',
    outlookWindows: 'Outlook for Windows (classic)',
    outlookCom: 'Outlook.com, new Outlook',
    outlookApp: 'Outlook app',
    apple: 'Apple Mail',
    samsung: 'Samsung Email',
    yahoo: 'Yahoo',
    thunderbird: 'Thunderbird',
  },
  clientsAbout: 'What some clients leave out of this issue, and what their readers see. By caniemail.com.',
  hurts: 'Readers miss it',
  domainAsked: 'DNS is being asked. The answer shows here in a moment.',
  domainOf: name => `Records of ${name}`,
  states: { ok: 'Good', warn: 'Look', fail: 'Missing', 'not applicable': 'Not set' },
  accent: (brand, contrast, day) =>
    `The accent ${brand} is too light to read (${contrast}:1); readers see ${day} in its place.`,
  failed: 'The check did not come through. It is tried again with your next change.',
  again: 'Check again',
  checking: 'Checking …',
  publicationGone: 'There is no such text.',
  empty: 'Write something, and what stands in its way to readers shows here.',
};

const ko: CheckWords = {
  title: '점검',
  back: '글로 돌아가기',
  groups: {
    law: '법과 수신거부',
    size: '크기',
    inbox: '제목과 미리보기',
    text: '글',
    links: '링크',
    fields: '필드',
    names: '이름과 용어',
    access: '접근성',
    spam: '스팸 추정',
    clients: '메일 프로그램',
    domain: '도메인과 서명',
  },
  errors: n => `오류 ${n}개`,
  warnings: n => `주의 ${n}개`,
  allGood: '고칠 것이 없어요',
  mayGo: '보낼 수 있어요. 먼저 주의할 것을 봐 주세요.',
  mustStop: '오류가 있으면 보낼 수 없어요. 먼저 고쳐 주세요.',
  line: n => `${n}번째 줄`,
  error: '오류',
  warning: '주의',
  good: {
    law: '표시와 바닥글이 갖춰져 있어요.',
    size: 'Gmail에 잘리지 않고 도착해요.',
    inbox: '제목과 미리보기 글의 길이가 알맞아요.',
    text: '글을 뜻한 대로 읽었어요.',
    links: '주소의 형식이 올발라요.',
    fields: '모든 필드가 누구에게나 보일 말을 갖고 있어요.',
    names: '이름을 용어집대로 썼어요.',
    access: '차례대로 소리 내어 읽을 수 있어요.',
    spam: '필터가 싫어할 것이 없어요.',
    clients: '중요한 것은 모든 프로그램이 보여 줘요.',
    domain: '메일에 서명하고, 기록도 갖춰져 있어요.',
  },
  bytes: n => `${n}바이트`,
  sizeOf: (n, share) => `HTML ${n}바이트, Gmail 한도의 ${share}`,
  gmailLine: n => `Gmail은 ${n}에서 잘라요`,
  sections: {
    frame: '머리글, 차례, 바닥글',
    greeting: '인사말',
    highlights: '하이라이트',
    promo: '할인',
    glossary: '용어집',
    summary: '요약',
    prose: '글',
    closing: '맺음말',
  },
  section: '섹션',
  share: '몫',
  inboxAbout: '받은편지함에 보이는 모습이에요. 글꼴과 설정에 따라 조금씩 달라요.',
  clientsOf: { gmail: 'Gmail', naver: '네이버 메일', apple: 'Apple Mail' },
  widths: { phone: '휴대폰', desktop: '컴퓨터' },
  noPreheaderHere: '이 목록은 미리보기 글을 보여 주지 않아요.',
  cutOff: '잘린 부분:',
  linkCount: n => `주소 ${n}개`,
  reach: '링크 모두 열어 보기',
  reaching: '열어 보는 중 …',
  reachAbout: '이 서버에서 사이트마다 한 번씩 물어봐요. 답은 15분 동안 기억해요.',
  linkStates: { reached: '열려요', broken: '열리지 않아요', unsure: '알 수 없어요', private: '공개 주소가 아니에요' },
  reachedSum: (reached, broken, other) =>
    `${reached}개는 열리고, ${broken}개는 열리지 않고, ${other}개는 알 수 없어요. 프로그램을 거절하는 사이트가 많으니 직접 열어 봐 주세요.`,
  spamAbout: (points, limit) =>
    `${limit}점 가운데 ${points}점이에요. 아래 규칙으로 어림한 값이고, 독자의 반응과 도메인의 평판이 더 중요해요.`,
  points: n => `${n}점`,
  spamRules: {
    unsigned: 'DKIM 서명 없이 나가요',
    fakeReply: '제목이 답장인 척해요',
    shouting: '제목이 모두 대문자예요',
    marks: '제목에 !, ?, ★, 돈 기호가 이어져요',
    emoji: '제목에 이모지가 여럿이에요',
    pressing: '제목에 광고투의 말이 있어요',
    numberHost: 'IP 주소로 바로 가는 링크가 있어요',
    shortened: '줄인 주소가 있어요',
    disguised: '보이는 주소와 가는 곳이 다른 링크가 있어요',
    plainHttp: '암호화되지 않은 링크가 있어요',
    manyLinks: '링크가 120개를 넘어요',
    pictureOnly: '글은 거의 없고 그림뿐이에요',
    large: '90,000바이트보다 커요',
    bodyPressing: '글에 광고투의 말이 많아요',
    noPreheader: '미리보기 글이 없어요',
  },
  askSpam: 'SpamAssassin에 물어보기',
  spamReal: score => `이 서버의 SpamAssassin: ${score}점`,
  noSpam: '이 서버에 SpamAssassin이 없거나 바빠요. 위의 추정만 보여 드려요.',
  clientFacts: {
    jumps: '글 안에서 옮겨 가는 링크가 움직이지 않아요. 글은 모두 보여요.',
    night: '밤 색을 프로그램이 스스로 정하거나, 밝은 색으로 보여요.',
    rounded: '버튼 모서리가 각져 보여요.',
    wide: '여백이 휴대폰 크기로 보여요.',
    breaks: '긴 주소가 늦게 줄바꿈될 수 있어요. 낱말은 끊기지 않아요.',
    wraps: '제목 끝에 짧은 줄이 남을 수 있어요.',
    code: '코드의 줄바꿈이 다르게 보일 수 있어요.',
    fluid: '그림이 적힌 너비 그대로 보여요.',
    moving: '움직이는 그림은 첫 장면만 보여요.',
    webp: 'WebP 그림이 보이지 않아요.',
    avif: 'AVIF 그림이 보이지 않아요.',
    svg: 'SVG 그림이 보이지 않아요.',
  },
  clientNames: {
    gmail: 'Gmail',
    gmailApp: 'Gmail 앱',
    outlookWindows: 'Windows용 Outlook(이전 버전)',
    outlookCom: 'Outlook.com, 새 Outlook',
    outlookApp: 'Outlook 앱',
    apple: 'Apple Mail',
    samsung: '삼성 이메일',
    yahoo: 'Yahoo',
    thunderbird: 'Thunderbird',
  },
  clientsAbout: '이 호에서 일부 프로그램이 빼는 것과, 그때 독자가 보는 모습이에요. caniemail.com의 시험 결과예요.',
  hurts: '독자가 놓쳐요',
  domainAsked: 'DNS에 물어보고 있어요. 답이 오면 여기에 보여 드려요.',
  domainOf: name => `${name}의 기록`,
  states: { ok: '좋아요', warn: '확인', fail: '없어요', 'not applicable': '안 씀' },
  accent: (brand, contrast, day) =>
    `강조색 ${brand}은(는) 읽기에 너무 옅어요(${contrast}:1). 독자에게는 ${day}로 보여요.`,
  failed: '점검하지 못했어요. 글을 고치면 다시 점검해요.',
  again: '다시 점검',
  checking: '점검하는 중 …',
  publicationGone: '그런 글이 없어요.',
  empty: '글을 쓰면 독자에게 가는 길에 걸리는 것이 여기에 보여요.',
};

export function checkWordsOf(language: Language): CheckWords {
  return language === 'ko' ? ko : en;
}
export type { CheckWords };
