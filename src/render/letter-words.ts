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
    already: publication => ({
      subject: `${publication}: 이미 구독 중이에요`,
      preheader: '구독 신청이 또 들어왔어요. 따로 하실 일은 없어요.',
      title: '이미 구독 중이에요',
      body: [`이 주소로 ‘${publication}’ 구독 신청이 들어왔는데, 이미 구독하고 계세요. 다음 호도 그대로 보내 드려요.`],
      action: '구독 설정 보기',
      after: ['메일이 오지 않는다면 스팸함을 확인해 주세요. 신청한 적이 없다면 그냥 두셔도 돼요. 바뀐 것은 없어요.'],
      why: '누군가 이 주소를 구독 신청 칸에 적어서 알려 드려요. 이런 안내는 하루에 한 번만 보내요.',
    }),
    'notice-given': publication => ({
      subject: `${publication}: 광고성 정보 수신 동의 처리 결과`,
      preheader: '{{date}}에 동의하신 내용을 알려 드려요.',
      title: '광고성 정보 수신에 동의하셨어요',
      body: [
        `보내는 곳: ${publication}`,
        '의사 표시: 광고성 정보 수신 동의',
        '날짜: {{date}}',
        '처리 결과: 수신 동의로 처리했어요. 앞으로 광고성 정보가 담긴 메일을 보내 드릴 수 있어요.',
      ],
      action: '동의 내용 보기',
      after: ['동의는 위 화면에서 언제든지 철회할 수 있어요. 로그인도 비용도 없어요.'],
      why: '정보통신망법 제50조 제7항에 따라 처리 결과를 한 번 알려 드려요.',
    }),
    'notice-refused': publication => ({
      subject: `${publication}: 광고성 정보 수신거부 처리 결과`,
      preheader: '{{date}}에 거부하신 내용을 알려 드려요.',
      title: '광고성 정보를 받지 않기로 하셨어요',
      body: [
        `보내는 곳: ${publication}`,
        '의사 표시: 광고성 정보 수신거부',
        '날짜: {{date}}',
        '처리 결과: 수신거부로 처리했어요. 광고성 정보를 보내지 않아요. 뉴스레터 구독은 그대로예요.',
      ],
      why: '정보통신망법 제50조 제7항에 따라 처리 결과를 한 번 알려 드려요.',
    }),
    'notice-withdrawn': publication => ({
      subject: `${publication}: 광고성 정보 수신 동의 철회 처리 결과`,
      preheader: '{{date}}에 철회하신 내용을 알려 드려요.',
      title: '광고성 정보 수신 동의를 철회하셨어요',
      body: [
        `보내는 곳: ${publication}`,
        '의사 표시: 광고성 정보 수신 동의 철회',
        '날짜: {{date}}',
        '처리 결과: 철회로 처리했어요. 광고성 정보를 더 보내지 않아요. 뉴스레터 구독은 그대로예요.',
      ],
      why: '정보통신망법 제50조 제7항에 따라 처리 결과를 한 번 알려 드려요.',
    }),
    'notice-left': publication => ({
      subject: `${publication}: 수신거부 처리 결과`,
      preheader: '{{date}}에 수신거부하신 내용을 알려 드려요.',
      title: '수신거부를 처리했어요',
      body: [
        `보내는 곳: ${publication}`,
        '의사 표시: 뉴스레터와 광고성 정보 수신거부',
        '날짜: {{date}}',
        '처리 결과: 수신거부로 처리했어요. 뉴스레터와 광고성 정보를 더 보내지 않아요.',
      ],
      why: '정보통신망법 제50조 제7항에 따라 처리 결과를 한 번 알려 드려요. 이 메일이 마지막이에요.',
    }),
    reconfirm: publication => ({
      subject: `${publication}: 광고성 정보 수신 동의를 확인해 드려요`,
      preheader: '{{date}}에 동의하셨어요. 계속 받으려면 아무것도 하지 않아도 돼요.',
      title: '광고성 정보 수신 동의 확인',
      body: [
        `보내는 곳: ${publication}`,
        '동의한 날짜: {{date}}',
        '동의한 내용: 광고성 정보를 이메일로 받는 것',
        '동의를 유지하려면 아무것도 하지 않아도 돼요. 철회하려면 아래 버튼을 눌러 열리는 화면에서 철회해 주세요. 로그인도 비용도 없어요.',
      ],
      action: '동의 확인하고 철회하기',
      why: '정보통신망법 제50조 제8항에 따라 2년마다 수신 동의를 확인해 드려요.',
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
    already: publication => ({
      subject: `You already get ${publication}`,
      preheader: 'Somebody asked for it again. There is nothing to do.',
      title: 'You are subscribed already',
      body: [
        `Someone asked for ${publication} to be sent to this address, and it is subscribed already. The next issue comes as before.`,
      ],
      action: 'See your settings',
      after: ['If no issue arrives, look into your spam folder. If it was not you, leave it be: nothing was changed.'],
      why: 'You get this because someone typed this address into a subscription form. We say so once a day at most.',
    }),
    'notice-given': publication => ({
      subject: `${publication}: your consent to advertising`,
      preheader: 'What you agreed to on {{date}}.',
      title: 'You agreed to receive advertising',
      body: [
        `Sender: ${publication}`,
        'What you said: consent to receive advertising',
        'Date: {{date}}',
        'Result: recorded as consent. From now on we may send you e-mail that advertises.',
      ],
      action: 'See your consent',
      after: ['You can withdraw it on that page at any time, without a login and without cost.'],
      why: 'You get this once, as Article 50(7) of Korea’s Network Act asks.',
    }),
    'notice-refused': publication => ({
      subject: `${publication}: no advertising for you`,
      preheader: 'What you refused on {{date}}.',
      title: 'You refused advertising',
      body: [
        `Sender: ${publication}`,
        'What you said: no advertising',
        'Date: {{date}}',
        'Result: recorded as refused. We send you no advertising. Your subscription to the newsletter is as it was.',
      ],
      why: 'You get this once, as Article 50(7) of Korea’s Network Act asks.',
    }),
    'notice-withdrawn': publication => ({
      subject: `${publication}: your consent to advertising is withdrawn`,
      preheader: 'What you withdrew on {{date}}.',
      title: 'You withdrew your consent to advertising',
      body: [
        `Sender: ${publication}`,
        'What you said: consent to advertising withdrawn',
        'Date: {{date}}',
        'Result: recorded as withdrawn. We send you no more advertising. Your subscription to the newsletter is as it was.',
      ],
      why: 'You get this once, as Article 50(7) of Korea’s Network Act asks.',
    }),
    'notice-left': publication => ({
      subject: `${publication}: you are unsubscribed`,
      preheader: 'What you asked for on {{date}}.',
      title: 'You are unsubscribed',
      body: [
        `Sender: ${publication}`,
        'What you said: no more newsletter and no advertising',
        'Date: {{date}}',
        'Result: recorded as unsubscribed. We send you neither the newsletter nor advertising any more.',
      ],
      why: 'You get this once, as Article 50(7) of Korea’s Network Act asks. It is the last e-mail.',
    }),
    reconfirm: publication => ({
      subject: `${publication}: your consent to advertising`,
      preheader: 'You agreed on {{date}}. To keep it, do nothing.',
      title: 'Your consent to advertising',
      body: [
        `Sender: ${publication}`,
        'Date of your consent: {{date}}',
        'What you agreed to: receiving advertising by e-mail',
        'To keep your consent, do nothing. To withdraw it, press the button and withdraw on the page that opens, without a login and without cost.',
      ],
      action: 'See or withdraw it',
      why: 'Every two years we remind you of your consent, as Article 50(8) of Korea’s Network Act asks.',
    }),
  },
};
