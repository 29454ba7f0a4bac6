/** The words of signing up in each language; Korean in 해요체. Keys are complete by type. */
import type { Language } from '../words.ts';

interface SignUpWords {
  heading: string;
  title: (name: string) => string;
  email: string;
  placeholder: string;
  button: string;
  /** Under the button. */
  promise: string;
  /** Label of the field that people do not see. */
  trap: string;
  closed: { title: string; body: string };
  back: string;
  /** Why the form is shown again. */
  again: string;
  address: string;
  disposable: string;
  hint: {
    title: string;
    body: (domain: string) => string;
    take: (address: string) => string;
    keep: (address: string) => string;
  };
  proof: {
    title: string;
    body: string;
    button: string;
    without: string;
    mail: string;
    subject: (name: string) => string;
  };
  full: { title: string; body: string };
  sent: { title: string; body: string; spam: string };
  confirm: {
    title: (name: string) => string;
    body: (name: string, address: string) => string;
    ticked: string;
    button: string;
    buttonBoth: string;
    buttonAlone: string;
    not: string;
    done: string;
    did: (name: string, address: string) => string;
    read: string;
    stale: string;
    staleBody: string;
    anew: string;
  };
  consent: {
    title: string;
    given: (date: string, zone: string) => string;
    keep: string;
    withdraw: string;
    none: string;
    noneBody: (name: string) => string;
    done: string;
    doneBody: (name: string) => string;
  };
  embed: {
    title: (name: string) => string;
    lead: string;
    script: string;
    scriptBody: string;
    html: string;
    htmlBody: string;
    look: string;
    open: string;
  };
}

const ko: SignUpWords = {
  heading: '구독하기',
  title: name => `‘${name}’ 구독하기`,
  email: '이메일 주소',
  placeholder: 'name@example.com',
  button: '구독하기',
  promise: '확인 메일을 보내 드려요. 메일에 있는 버튼을 눌러야 구독이 시작되고, 언제든 한 번에 그만둘 수 있어요.',
  trap: '이 칸은 비워 두세요',
  closed: { title: '지금은 구독 신청을 받지 않아요', body: '지난 호는 계속 읽을 수 있어요.' },
  back: '지난 호 보기',
  again: '거의 다 됐어요. 주소를 확인하고 버튼을 한 번만 더 눌러 주세요.',
  address: '메일을 보낼 수 있는 주소가 아니에요. name@example.com 같은 모양인지 확인해 주세요.',
  disposable: '잠깐 쓰고 버리는 주소로는 구독할 수 없어요. 계속 쓰시는 주소를 적어 주세요.',
  hint: {
    title: '주소가 맞나요?',
    body: domain => `‘${domain}’ 대신 아래 주소를 쓰려던 건 아닌지 확인해 주세요.`,
    take: address => `${address} 주소로 구독하기`,
    keep: address => `적은 그대로 ${address}`,
  },
  proof: {
    title: '사람이 신청했는지 잠시 확인할게요',
    body: '지금 신청이 한꺼번에 많이 들어오고 있어요. 브라우저가 몇 초 동안 계산을 마치면 신청할 수 있어요. 다른 회사에 보내는 정보는 없어요.',
    button: '신청 이어서 하기',
    without: '이 확인에는 자바스크립트가 필요해요. 한 시간쯤 뒤에 다시 신청하시거나, 메일로 알려 주세요.',
    mail: '메일로 신청하기',
    subject: name => `${name} 구독 신청`,
  },
  full: {
    title: '지금은 신청을 더 받을 수 없어요',
    body: '같은 곳에서 신청이 너무 많이 들어왔어요. 내일 다시 신청해 주세요. 보낸 메일은 없어요.',
  },
  sent: {
    title: '메일함을 확인해 주세요',
    body: '적어 주신 주소로 메일을 보냈어요. 메일에 있는 버튼을 누르고, 열리는 화면에서 한 번 더 확인하면 구독이 시작돼요.',
    spam: '몇 분이 지나도 오지 않으면 스팸함을 확인하고, 한 시간 뒤에 다시 신청해 주세요.',
  },
  confirm: {
    title: name => `‘${name}’ 구독을 시작할까요?`,
    body: (name, address) => `버튼을 누르면 다음 호부터 ${address} 주소로 ‘${name}’ 뉴스레터를 보내 드려요.`,
    ticked: '신청할 때 이 내용에도 동의한다고 하셨어요:',
    button: '구독 확인',
    buttonBoth: '동의하고 구독 확인',
    buttonAlone: '광고 없이 구독만 확인',
    not: '신청한 적이 없다면 이 창을 닫으세요. 누르지 않으면 아무것도 보내지 않아요.',
    done: '구독을 시작했어요',
    did: (name, address) =>
      `다음 호부터 ${address} 주소로 ‘${name}’ 뉴스레터를 보내 드려요. 환영하는 메일도 곧 도착해요.`,
    read: '기다리는 동안 지난 호 읽기',
    stale: '이 확인 링크는 더 쓸 수 없어요',
    staleBody: '이미 쓴 링크이거나 너무 오래됐어요. 구독하려면 다시 신청해 주세요.',
    anew: '다시 신청하기',
  },
  consent: {
    title: '광고성 정보 수신 동의',
    given: (date, zone) => `${date} (${zone})에 이렇게 동의하셨어요:`,
    keep: '동의를 유지하려면 아무것도 하지 않아도 돼요.',
    withdraw: '동의 철회',
    none: '광고성 정보를 보내지 않고 있어요',
    noneBody: name => `‘${name}’의 광고성 정보를 받겠다는 동의가 없어요. 더 하실 일은 없어요.`,
    done: '동의를 철회했어요',
    doneBody: name => `이제 ‘${name}’의 광고성 정보를 보내지 않아요. 뉴스레터 구독은 그대로예요.`,
  },
  embed: {
    title: name => `‘${name}’ 구독 양식을 다른 사이트에 넣기`,
    lead: '둘 중 하나를 복사해 넣고 싶은 자리에 붙여 넣으세요.',
    script: '스크립트 한 줄',
    scriptBody: '그 자리에서 바로 신청해요. 페이지의 다른 부분을 건드리지 않고, 쿠키나 추적도 없어요.',
    html: '스크립트 없이 HTML만',
    htmlBody: '주소를 적고 누르면 이 사이트의 신청 화면이 주소가 채워진 채로 열려요.',
    look: '이렇게 보여요',
    open: '신청 화면 열기',
  },
};

const en: SignUpWords = {
  heading: 'Subscribe',
  title: name => `Subscribe to ${name}`,
  email: 'E-mail address',
  placeholder: 'name@example.com',
  button: 'Subscribe',
  promise:
    'We send you a mail to confirm. Your subscription begins when you press its button, and you can end it at any time.',
  trap: 'Leave this field empty',
  closed: { title: 'Sign-up is closed for now', body: 'The past issues are still here to read.' },
  back: 'See past issues',
  again: 'Almost there. Check the address and press the button once more.',
  address: 'Mail cannot be sent to this address. Check that it looks like name@example.com.',
  disposable: 'Throw-away addresses cannot be subscribed. Please use an address that you keep.',
  hint: {
    title: 'Is the address right?',
    body: domain => `You typed ${domain}. Did you mean the address below?`,
    take: address => `Use ${address}`,
    keep: address => `Keep ${address}`,
  },
  proof: {
    title: 'One moment: is this a person?',
    body: 'Many sign-ups are coming in at once. Your browser computes for a few seconds, then you can go on. Nothing is sent to any other company.',
    button: 'Go on',
    without: 'This check needs JavaScript. Try again in an hour, or tell us by mail.',
    mail: 'Ask by mail',
    subject: name => `Subscribe to ${name}`,
  },
  full: {
    title: 'No more sign-ups from here for now',
    body: 'Too many came from the same place. Please try again tomorrow. No mail was sent.',
  },
  sent: {
    title: 'Look into your mailbox',
    body: 'We sent a mail to the address you typed. Press the button in it and confirm on the page that opens; then your subscription begins.',
    spam: 'If nothing comes within a few minutes, look into the spam folder, and try again in an hour.',
  },
  confirm: {
    title: name => `Start your subscription to ${name}?`,
    body: (name, address) => `Press the button and ${name} comes to ${address} from the next issue on.`,
    ticked: 'When you signed up you agreed to this as well:',
    button: 'Confirm subscription',
    buttonBoth: 'Agree and confirm',
    buttonAlone: 'Confirm without advertising',
    not: 'If you did not ask for this, close this page. Without your press nothing is sent.',
    done: 'You are subscribed',
    did: (name, address) => `From the next issue on we send ${name} to ${address}. A welcome mail is on its way.`,
    read: 'Read past issues meanwhile',
    stale: 'This link confirms nothing any more',
    staleBody: 'It was used already, or it is too old. To subscribe, please sign up again.',
    anew: 'Sign up again',
  },
  consent: {
    title: 'Your consent to advertising',
    given: (date, zone) => `On ${date} (${zone}) you agreed to this:`,
    keep: 'To keep it, do nothing.',
    withdraw: 'Withdraw consent',
    none: 'We send you no advertising',
    noneBody: name => `There is no consent of yours to advertising from ${name}. There is nothing more to do.`,
    done: 'Your consent is withdrawn',
    doneBody: name => `We send you no more advertising from ${name}. Your subscription is as it was.`,
  },
  embed: {
    title: name => `The form of ${name} on another site`,
    lead: 'Copy one of the two and paste it where the form shall be.',
    script: 'One script tag',
    scriptBody: 'People sign up in place. It leaves the rest of the page alone, sets no cookie and tracks nobody.',
    html: 'Plain HTML, no script',
    htmlBody: 'Who types an address and presses comes to our form with the address filled in.',
    look: 'What it looks like',
    open: 'Open the form',
  },
};

export const signUpWords: Record<Language, SignUpWords> = { ko, en };
