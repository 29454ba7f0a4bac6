/** Every word the product itself puts into an e-mail, in each language. Korean in 해요체. Keys are complete by type. */
import type { ClosingAction } from '../model/issue.ts';
import type { Publication } from '../model/publication.ts';

export type Language = 'ko' | 'en';

export interface Words {
  /** Masthead: "제12호". */
  issueNumber: (number: string) => string;
  viewInBrowser: string;
  unsubscribe: string;
  preferences: string;
  /** Heading of the numbered list of summaries. */
  contents: string;
  /** When the source gives the glossary no heading. */
  glossary: string;
  likeSummary: string;
  shareSummary: string;
  actions: Record<ClosingAction, string>;
  /** On the promo's button when the editor wrote nothing else. */
  promoAction: string;
  promoCode: string;
  promoExpires: (date: string) => string;
  /** Where a reader's own code is not shown. */
  promoOwnCode: string;
  /** Leads to the page with the reader's own code. */
  promoCodePage: string;
  /** Marks the promo where the law asks for it (rule 5.4). */
  advertisement: string;
  /** Why the reader gets this. */
  why: (publication: string) => string;
  phone: string;
  email: string;
  /** How to refuse, in the issue's language and in English (rule 5.4). `[…]` becomes the unsubscribe link in HTML. */
  refuse: string;
  refuseInEnglish: string;
  /** Before a comment's subject. */
  reply: string;
}

const refuseInEnglish = 'If you no longer want to receive these e-mails, click [Unsubscribe] here.';

export const words: Record<Language, Words> = {
  ko: {
    issueNumber: number => (/^\d+$/.test(number) ? `제${number}호` : number),
    viewInBrowser: '웹에서 보기',
    unsubscribe: '수신거부',
    preferences: '구독 설정',
    contents: '이번 호 차례',
    glossary: '용어집',
    likeSummary: '이 요약이 좋아요',
    shareSummary: '공유하기',
    actions: { like: '좋아요', share: '공유하기', comment: '댓글 쓰기', subscribe: '구독하기' },
    promoAction: '자세히 보기',
    promoCode: '할인 코드',
    promoExpires: date => `${date}까지 쓸 수 있어요`,
    promoOwnCode: '할인 코드는 구독자마다 달라요. 메일로 받은 코드를 써 주세요.',
    promoCodePage: '내 코드를 화면에서 보기',
    advertisement: '광고',
    why: publication => `‘${publication}’ 구독을 신청하신 분께 보내는 메일이에요.`,
    phone: '전화',
    email: '이메일',
    refuse: '메일을 그만 받고 싶으시면 [수신거부]를 눌러 주세요. 로그인 없이 바로 처리해 드려요.',
    refuseInEnglish,
    reply: 'Re: ',
  },
  en: {
    issueNumber: number => (/^\d+$/.test(number) ? `No. ${number}` : number),
    viewInBrowser: 'View in browser',
    unsubscribe: 'Unsubscribe',
    preferences: 'Preferences',
    contents: 'In this issue',
    glossary: 'Glossary',
    likeSummary: 'Like this summary',
    shareSummary: 'Share',
    actions: { like: 'Like', share: 'Share', comment: 'Comment', subscribe: 'Subscribe' },
    promoAction: 'See the offer',
    promoCode: 'Discount code',
    promoExpires: date => `Valid until ${date}`,
    promoOwnCode: 'Each subscriber has a code of their own. Use the one in your e-mail.',
    promoCodePage: 'See my code on a page',
    advertisement: 'Advertisement',
    why: publication => `You get this e-mail because you subscribed to ${publication}.`,
    phone: 'Phone',
    email: 'E-mail',
    refuse: refuseInEnglish,
    refuseInEnglish,
    reply: 'Re: ',
  },
};

/** The words in a language, as the publication says them where it is its own language. What the law words stays. */
export function wordsFor({ language, texts }: Pick<Publication, 'language' | 'texts'>, lang: Language): Words {
  const product = words[lang];
  if (lang !== language) return product;
  const { why, like, share, comment, subscribe, ...plain } = texts;
  const actions = { like, share, comment, subscribe };
  return {
    ...product,
    ...said(plain),
    ...(why === undefined ? {} : { why: (name: string) => why.replaceAll('{name}', () => name) }),
    actions: { ...product.actions, ...said(actions) },
  };
}

function said<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined)) as never;
}
