/** The words of each kind of letter. `{{field}}` is filled from the letter's data; Korean in 해요체. Keys are complete by type. */
import type { LetterKind } from '../model/letter.ts';
import type { Language } from './words.ts';

export interface LetterWords {
  subject: string;
  preheader: string;
  title: string;
  /** Paragraphs. */
  body: string[];
  /** What somebody else wrote, set apart; its field is filled from the data. */
  quote?: string;
  /** On the button; none without it. */
  action?: string;
  /** Said quietly after the button. */
  after?: string[];
  /** Why this letter comes. */
  why: string;
}

/** Around every letter. */
export const letterFrame: Record<Language, { orOpen: string; stopLetters: string; phone: string; email: string }> = {
  ko: {
    orOpen: '버튼이 눌리지 않으면 이 주소를 브라우저에 붙여 넣어 주세요.',
    stopLetters: '이런 알림 그만 받기',
    phone: '전화',
    email: '이메일',
  },
  en: {
    orOpen: 'If the button does not work, open this address in a browser:',
    stopLetters: 'Stop these notifications',
    phone: 'Phone',
    email: 'E-mail',
  },
};

/** @param publication its name */
export const letterWords: Record<Language, Record<LetterKind, (publication: string) => LetterWords>> = {
  ko: {
    confirm: publication => ({
      subject: `${publication} 구독을 확인해 주세요`,
      preheader: '버튼을 한 번 누르면 구독이 시작돼요. 신청하지 않으셨다면 그냥 두셔도 돼요.',
      title: '구독을 확인해 주세요',
      body: [
        `이 주소로 ‘${publication}’ 구독 신청이 들어왔어요. 아래 버튼을 눌러 열리는 화면에서 확인하면 다음 호부터 보내 드려요.`,
      ],
      action: '구독 확인하기',
      after: ['신청한 적이 없다면 이 메일을 지워 주세요. 확인하지 않으면 아무것도 보내지 않아요.'],
      why: '누군가 이 주소를 구독 신청 칸에 적어서 보내는 확인 메일이에요. 구독을 확인하기 전에는 다른 메일이 가지 않아요.',
    }),
    welcome: publication => ({
      subject: `${publication} 구독이 시작됐어요`,
      preheader: '다음 호부터 보내 드려요. 설정은 언제든 바꿀 수 있어요.',
      title: '구독해 주셔서 고마워요',
      body: [`‘${publication}’ 구독이 시작됐어요. 다음 호가 나오면 이 주소로 보내 드려요.`],
      action: '구독 설정 보기',
      after: ['이름, 받는 횟수, 수신거부까지 모두 이 화면에서 바꿀 수 있어요. 로그인은 필요 없어요.'],
      why: `‘${publication}’ 구독을 확인하셔서 한 번 보내는 안내 메일이에요.`,
    }),
    'comment-reply': publication => ({
      subject: '댓글에 답글이 달렸어요: {{title}}',
      preheader: '{{author}} 님이 남긴 글을 읽고 이어서 이야기해 보세요.',
      title: '댓글에 답글이 {{count}}개 달렸어요',
      body: [`‘${publication}’의 “{{title}}”에 남기신 댓글에 새 답글이 있어요. 가장 최근 글은 {{author}} 님이 썼어요.`],
      quote: '{{text}}',
      action: '답글 보기',
      why: `‘${publication}’에 댓글을 쓰셔서 보내는 알림이에요. 답글이 여럿 달리면 한 시간에 한 번 모아서 보내요.`,
    }),
  },
  en: {
    confirm: publication => ({
      subject: `Confirm your subscription to ${publication}`,
      preheader: 'One press starts it. If you did not ask for this, leave it be.',
      title: 'Please confirm your subscription',
      body: [
        `Someone asked for ${publication} to be sent to this address. Press the button and confirm on the page that opens; the next issue will then reach you.`,
      ],
      action: 'Confirm subscription',
      after: ['If it was not you, delete this e-mail. Without your confirmation nothing more is sent.'],
      why: 'You get this because someone typed this address into a subscription form. Nothing else is sent before you confirm.',
    }),
    welcome: publication => ({
      subject: `You are subscribed to ${publication}`,
      preheader: 'The next issue comes to this address. Change your settings at any time.',
      title: 'Thank you for subscribing',
      body: [`Your subscription to ${publication} has begun. The next issue will be sent to this address.`],
      action: 'See your settings',
      after: ['Name, how often you get it, leaving: all of it is on that page, without a login.'],
      why: `You get this once, because you confirmed your subscription to ${publication}.`,
    }),
    'comment-reply': publication => ({
      subject: 'New replies to your comment: {{title}}',
      preheader: 'Read what {{author}} wrote, and go on from there.',
      title: 'New replies to your comment: {{count}}',
      body: [
        `There is something new under your comment on “{{title}}” in ${publication}. The latest is by {{author}}.`,
      ],
      quote: '{{text}}',
      action: 'Read the replies',
      why: `You get this because you commented in ${publication}. Replies are gathered and sent once an hour at most.`,
    }),
  },
};
