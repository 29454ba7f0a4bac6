/** Words of the page with a reader's own discount code. */
import type { Language } from '../words.ts';

interface CodeWords {
  title: string;
  lead: (publication: string) => string;
  /** Where the shop asks for it. */
  use: string;
  until: (day: string) => string;
  over: (day: string) => string;
  shop: string;
  none: string;
  noneBody: string;
  own: string;
}

export const words: Record<Language, CodeWords> = {
  ko: {
    title: '내 할인 코드',
    lead: publication => `‘${publication}’ 구독자에게 하나씩 드리는 코드예요.`,
    use: '주문할 때 할인 코드 칸에 넣어 주세요.',
    until: day => `${day}까지 쓸 수 있어요.`,
    over: day => `${day}에 기간이 끝난 코드예요.`,
    shop: '쓰러 가기',
    none: '받은 코드가 없어요',
    noneBody: '이 호에서 보내 드린 할인 코드가 없어요. 광고를 받지 않기로 하셨거나, 코드가 없는 호일 수 있어요.',
    own: '이 코드는 한 사람만 쓸 수 있어요. 다른 사람에게 전달한 메일에서도 같은 코드가 보여요.',
  },
  en: {
    title: 'Your discount code',
    lead: publication => `Each subscriber of ${publication} has one of their own.`,
    use: 'Enter it where the shop asks for a discount code.',
    until: day => `It can be used until ${day}.`,
    over: day => `It could be used until ${day}.`,
    shop: 'Go to the offer',
    none: 'There is no code for you',
    noneBody:
      'This issue brought you no discount code: you chose not to get advertising, or the issue had none to give.',
    own: 'Only one person can use it. Whoever you forward the e-mail to sees the same code.',
  },
};
