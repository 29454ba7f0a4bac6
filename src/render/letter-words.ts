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
    'new-address': publication => ({
      subject: `${publication}: 새 주소를 확인해 주세요`,
      preheader: '버튼을 누르면 이 주소로 보내 드려요. 신청하지 않으셨다면 그냥 두셔도 돼요.',
      title: '이 주소로 보내 드릴까요?',
      body: [
        `‘${publication}’ 독자 한 분이 이 주소로 받고 싶다고 하셨어요. 아래 버튼을 눌러 열리는 화면에서 확인하면 다음 메일부터 이 주소로 보내 드려요.`,
      ],
      action: '새 주소 확인하기',
      after: [
        '링크는 이틀 동안 쓸 수 있어요. 신청한 적이 없다면 이 메일을 지워 주세요. 확인하지 않으면 아무것도 바뀌지 않아요.',
      ],
      why: '누군가 구독 설정에서 이 주소를 새 주소로 적어서 보내는 확인 메일이에요.',
    }),
    'address-changed': publication => ({
      subject: `${publication}: 받는 주소가 바뀌었어요`,
      preheader: '직접 바꾸지 않으셨다면 7일 안에 되돌릴 수 있어요.',
      title: '받는 주소가 바뀌었어요',
      body: [
        `이 주소로 받으시던 메일을 이제 다른 주소로 보내 드려요. 구독 설정에서 주소를 바꾸고, 새 주소에서 확인까지 마친 변경이에요.`,
        '직접 바꾸셨다면 더 하실 일은 없어요.',
      ],
      action: '바꾼 주소 되돌리기',
      after: ['직접 바꾸지 않으셨다면 7일 안에 이 버튼으로 되돌려 주세요.'],
      why: `‘${publication}’를 받던 주소에 변경을 알리려고 한 번 보내는 메일이에요.`,
    }),
    data: publication => ({
      subject: `${publication}: 내 데이터 링크`,
      preheader: '받아 두거나 지울 수 있는 링크예요. 7일 동안 쓸 수 있어요.',
      title: '내 데이터를 받거나 지우는 링크예요',
      body: [
        '아래 버튼으로 열리는 화면에서 저장된 데이터를 모두 내려받거나 지울 수 있어요. 이 메일을 받는 분만 할 수 있도록 링크를 메일로 보내 드려요.',
      ],
      action: '내 데이터 보기',
      after: [
        '링크는 7일 동안 쓸 수 있어요. 다른 사람에게 전달하지 마세요. 요청하지 않으셨다면 이 메일을 지워 주세요.',
      ],
      why: `‘${publication}’ 구독 설정에서 내 데이터를 요청하셔서 보내는 메일이에요.`,
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
    'new-address': publication => ({
      subject: `${publication}: confirm your new address`,
      preheader: 'One press and mail comes here. If you did not ask for this, leave it be.',
      title: 'Shall we write to this address?',
      body: [
        `A reader of ${publication} asked for mail to be sent to this address from now on. Press the button and confirm on the page that opens; the next mail then comes here.`,
      ],
      action: 'Confirm new address',
      after: [
        'The link works for two days. If it was not you, delete this e-mail. Without your confirmation nothing changes.',
      ],
      why: 'You get this because someone gave this address as their new one in the settings of a subscription.',
    }),
    'address-changed': publication => ({
      subject: `${publication}: your address was changed`,
      preheader: 'If it was not you, you can put it back within 7 days.',
      title: 'Your address was changed',
      body: [
        'Mail that came to this address now goes to another one. The change was asked for in the settings of your subscription and confirmed at the new address.',
        'If it was you, there is nothing more to do.',
      ],
      action: 'Put this address back',
      after: ['If it was not you, put it back with this button within 7 days.'],
      why: `You get this once, to tell the address that ${publication} was sent to of the change.`,
    }),
    data: publication => ({
      subject: `${publication}: the link to your data`,
      preheader: 'Download or delete what is held of you. The link works for 7 days.',
      title: 'The link to your data',
      body: [
        'On the page behind this button you can download everything that is held of you, or delete it. The link comes by mail so that only who reads this mailbox can use it.',
      ],
      action: 'See your data',
      after: ['The link works for 7 days. Do not forward it. If you did not ask for this, delete this e-mail.'],
      why: `You get this because your data was asked for in the settings of ${publication}.`,
    }),
  },
};
