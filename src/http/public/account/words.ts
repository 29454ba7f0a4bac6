/** The words of the pages on which readers settle their own affairs; Korean in 해요체. Keys are complete by type. */
import type { LeavingReason } from '../../../model/leaving.ts';
import type { Frequency } from '../../../model/states.ts';
import type { Language } from '../words.ts';

export interface AccountWords {
  save: string;
  /** What holds now, in a few words, beside the title of a section. */
  now: {
    noName: string;
    paused: (date: string) => string;
    pausedOpenly: string;
    notPaused: string;
    agreed: string;
    notAgreed: string;
    opensOff: string;
    opensOn: string;
    others: (n: number) => string;
  };
  lang: { title: string; hint: string; saved: string };
  timeZone: { title: string; hint: string; none: (zone: string) => string; saved: string };
  frequency: { title: string; options: Record<Frequency, [title: string, hint: string]>; saved: string };
  pause: {
    title: string;
    hint: string;
    months: (n: 1 | 3) => string;
    date: string;
    button: string;
    isPaused: (date: string) => string;
    isPausedOpenly: string;
    resume: string;
    saved: string;
    resumed: string;
    problem: string;
  };
  advertising: {
    title: string;
    off: string;
    on: string;
    agree: string;
    withdraw: string;
    given: string;
    withdrawn: string;
  };
  opens: {
    title: string;
    hint: (isMeasured: boolean) => string;
    off: string;
    on: string;
    switchOff: string;
    switchOn: string;
    saved: string;
  };
  others: {
    title: string;
    hint: string;
    subscribe: string;
    leave: string;
    /** Read out after the button's word, so that each button says whose it is. */
    of: (name: string) => string;
    subscribed: string;
    left: string;
  };
  address: { title: string; hint: string; label: string; button: string; asked: string; problem: string };
  data: { title: string; hint: string; button: string; asked: string; suppressed: string };
  leaveAll: { title: string; button: string; did: string };
  reason: {
    title: string;
    hint: string;
    options: Record<LeavingReason, string>;
    note: string;
    noteHint: string;
    button: string;
    thanks: string;
  };
  newAddress: {
    ask: (name: string) => string;
    will: (address: string) => string;
    button: string;
    not: string;
    done: string;
    did: (address: string) => string;
    taken: string;
    takenBody: (address: string) => string;
    over: string;
    overBody: string;
  };
  restore: { ask: string; will: string; button: string; done: string; did: string; over: string; overBody: string };
  own: {
    title: string;
    lead: (address: string) => string;
    download: string;
    downloadBody: string;
    downloadButton: string;
    remove: string;
    removeBody: string;
    removeItems: string[];
    sure: string;
    removeButton: string;
    unsure: string;
    removed: string;
    removedBody: string;
    over: string;
    overBody: string;
  };
}

const ko: AccountWords = {
  save: '저장',
  now: {
    noName: '정하지 않음',
    paused: date => `${date}에 다시 시작`,
    pausedOpenly: '쉬는 중',
    notPaused: '쉬지 않음',
    agreed: '동의함',
    notAgreed: '동의하지 않음',
    opensOff: '측정하지 않음',
    opensOn: '따로 정하지 않음',
    others: n => (n === 0 ? '구독하지 않음' : `${n}개 구독 중`),
  },
  lang: {
    title: '언어',
    hint: '이런 화면과 안내 메일의 언어예요. 뉴스레터 본문은 바뀌지 않아요.',
    saved: '언어를 저장했어요.',
  },
  timeZone: {
    title: '시간대',
    hint: '아침 8시처럼 독자의 시각에 맞춰 보내는 호는 이 시간대를 따라요.',
    none: zone => `뉴스레터의 시간대 (${zone})`,
    saved: '시간대를 저장했어요.',
  },
  frequency: {
    title: '받는 횟수',
    options: {
      every: ['호마다', '새 호가 나오면 바로 보내 드려요.'],
      monthly: ['한 달에 한 번', '매달 1일 오전 9시에 지난달 호의 제목과 링크를 모아 한 통으로 보내 드려요.'],
    },
    saved: '받는 횟수를 저장했어요.',
  },
  pause: {
    title: '잠시 쉬기',
    hint: '쉬는 동안에는 보내지 않고, 그날이 되면 다시 보내 드려요.',
    months: n => (n === 1 ? '한 달 쉬기' : '세 달 쉬기'),
    date: '다시 받을 날',
    button: '이날까지 쉬기',
    isPaused: date => `${date}에 다시 보내 드려요.`,
    isPausedOpenly: '다시 받겠다고 하실 때까지 보내지 않아요.',
    resume: '지금부터 다시 받기',
    saved: '쉬는 기간을 저장했어요.',
    resumed: '이제부터 다시 보내 드려요.',
    problem: '내일부터 1년 안의 날짜를 골라 주세요. 바뀐 것은 없어요.',
  },
  advertising: {
    title: '광고성 정보',
    off: '지금은 동의하지 않으셨어요. 호에 광고가 있으면 그 부분을 빼고 보내 드려요.',
    on: '지금은 동의하신 상태예요.',
    agree: '동의하기',
    withdraw: '동의 철회하기',
    given: '동의를 저장했어요.',
    withdrawn: '동의를 철회했어요. 광고성 정보를 더 보내지 않아요.',
  },
  opens: {
    title: '열람 측정',
    hint: isMeasured =>
      isMeasured
        ? '이 뉴스레터는 메일이 열렸는지를 작은 그림으로 세어요.'
        : '이 뉴스레터는 지금 열람을 측정하지 않아요. 앞으로 측정하더라도 나를 빼 달라고 해 둘 수 있어요.',
    off: '내 열람은 측정하지 않도록 해 두셨어요.',
    on: '따로 빼 달라고 하지 않으셨어요.',
    switchOff: '내 열람은 측정하지 않기',
    switchOn: '다시 허용하기',
    saved: '열람 측정을 저장했어요.',
  },
  others: {
    title: '다른 뉴스레터',
    hint: '같은 곳에서 펴내는 뉴스레터예요. 구독하면 다음 호부터 이 주소로 보내 드려요.',
    subscribe: '구독하기',
    leave: '그만 받기',
    of: name => `(${name})`,
    subscribed: '구독을 시작했어요.',
    left: '수신거부를 마쳤어요.',
  },
  address: {
    title: '받는 주소 바꾸기',
    hint: '새 주소로 확인 메일을 보내 드려요. 그 메일에서 확인하면 바뀌어요.',
    label: '새 이메일 주소',
    button: '확인 메일 받기',
    asked:
      '쓸 수 있는 주소라면 곧 확인 메일이 도착해요. 그 메일에서 확인하기 전에는 바뀌지 않아요. 하루에 세 번까지 신청할 수 있어요.',
    problem: '이메일 주소를 다시 확인해 주세요. 바뀐 것은 없어요.',
  },
  data: {
    title: '내 데이터',
    hint: '저장된 내 데이터를 모두 내려받거나 지울 수 있어요. 전달받은 메일로 남의 데이터를 보는 일이 없도록, 받는 주소로 링크를 보내 드려요.',
    button: '링크 메일로 받기',
    asked: '받는 주소로 링크를 보냈어요. 7일 동안 쓸 수 있어요.',
    suppressed: '이 주소로는 메일을 보내지 못해요. 내 데이터를 받거나 지우려면 아래 연락처로 메일을 보내 주세요.',
  },
  leaveAll: {
    title: '다른 뉴스레터도 그만 받으시겠어요?',
    button: '모두 그만 받기',
    did: '같은 곳에서 보내던 다른 뉴스레터도 모두 그만 보내요.',
  },
  reason: {
    title: '그만두시는 까닭이 있을까요?',
    hint: '답하지 않으셔도 수신거부는 이미 끝났어요.',
    options: {
      'too-often': '너무 자주 와요',
      'not-relevant': '내용이 저와 맞지 않아요',
      'too-long': '너무 길어요',
      'never-asked': '구독한 적이 없어요',
      elsewhere: '다른 곳에서 읽어요',
      other: '다른 까닭이에요',
    },
    note: '덧붙일 말',
    noteHint: '비워 두어도 괜찮아요. 500자까지 쓸 수 있어요.',
    button: '보내기',
    thanks: '말씀해 주셔서 고마워요. 더 나은 뉴스레터를 만드는 데 쓸게요.',
  },
  newAddress: {
    ask: name => `‘${name}’ 메일을 이 주소로 받을까요?`,
    will: address =>
      `아래 버튼을 누르면 다음 메일부터 ${address} 주소로 보내 드려요. 지금까지 받던 주소로는 더 보내지 않아요.`,
    button: '이 주소로 받기',
    not: '신청한 적이 없다면 이 화면을 닫아 주세요. 아무것도 바뀌지 않아요.',
    done: '주소를 바꿨어요',
    did: address => `이제부터 ${address} 주소로 보내 드려요.`,
    taken: '이 주소는 이미 따로 구독하고 있어요',
    takenBody: address =>
      `${address} 주소의 구독은 그대로예요. 예전 주소로 더 받지 않으려면 그 주소로 온 메일에서 수신거부해 주세요.`,
    over: '이 링크는 더 쓸 수 없어요',
    overBody: '확인 링크는 이틀 동안, 한 번만 쓸 수 있어요. 주소를 바꾸려면 구독 설정에서 다시 신청해 주세요.',
  },
  restore: {
    ask: '받는 주소를 되돌릴까요?',
    will: '아래 버튼을 누르면 이 메일을 받은 주소로 다시 보내 드려요. 새 주소로는 더 보내지 않아요.',
    button: '예전 주소로 되돌리기',
    done: '주소를 되돌렸어요',
    did: '다음 메일부터 예전 주소로 다시 보내 드려요.',
    over: '되돌릴 수 있는 기간이 지났어요',
    overBody:
      '주소를 바꾸고 7일이 지났거나 그 뒤에 주소가 다시 바뀌었어요. 도움이 필요하면 아래 연락처로 메일을 보내 주세요.',
  },
  own: {
    title: '내 데이터',
    lead: address => `${address} 주소로 저장된 데이터예요.`,
    download: '내려받기',
    downloadBody: '이름과 주소, 구독과 동의, 받은 호와 누른 링크까지 저장된 모든 것을 JSON 파일 하나에 담아 드려요.',
    downloadButton: '파일 내려받기',
    remove: '지우기',
    removeBody: '지우면 되돌릴 수 없어요.',
    removeItems: [
      '이름, 주소, 구독, 동의 기록, 좋아요와 편지를 모두 지워요. 여기에서 펴내는 모든 뉴스레터에 적용돼요.',
      '호마다 몇 통을 보냈고 몇 번 눌렸는지는 누구인지 알 수 없는 숫자로만 남아요.',
      '목록을 옮기다가 다시 들어오는 일이 없도록 주소를 알아볼 수 없는 해시 하나를 남겨요.',
      '나중에 직접 다시 구독하실 수 있어요.',
    ],
    sure: '되돌릴 수 없다는 것을 이해했어요',
    removeButton: '내 데이터 지우기',
    unsure: '지우려면 먼저 확인 칸에 표시해 주세요. 지운 것은 없어요.',
    removed: '데이터를 모두 지웠어요',
    removedBody: '이 링크의 독자에 대해 저장된 것이 없어요. 더 하실 일은 없어요.',
    over: '이 링크는 더 쓸 수 없어요',
    overBody: '링크는 7일 동안 쓸 수 있어요. 구독 설정에서 새 링크를 받아 주세요.',
  },
};

const en: AccountWords = {
  save: 'Save',
  now: {
    noName: 'none given',
    paused: date => `again from ${date}`,
    pausedOpenly: 'paused',
    notPaused: 'not paused',
    agreed: 'agreed',
    notAgreed: 'not agreed',
    opensOff: 'left out',
    opensOn: 'not left out',
    others: n => (n === 0 ? 'none' : `${n} subscribed`),
  },
  lang: {
    title: 'Language',
    hint: 'Of pages like this one and of notices. The newsletter itself stays as it is.',
    saved: 'Your language is saved.',
  },
  timeZone: {
    title: 'Time zone',
    hint: 'Issues that go out at a time of your own day, as 8 in the morning, go by it.',
    none: zone => `the newsletter’s (${zone})`,
    saved: 'Your time zone is saved.',
  },
  frequency: {
    title: 'How often',
    options: {
      every: ['Every issue', 'As soon as it comes out.'],
      monthly: [
        'Once a month',
        'On the first of the month at 9:00, one mail with the titles of last month’s issues and links to them.',
      ],
    },
    saved: 'How often you get it is saved.',
  },
  pause: {
    title: 'Take a break',
    hint: 'Until that day we send nothing; then it starts again by itself.',
    months: n => (n === 1 ? 'Pause for a month' : 'Pause for three months'),
    date: 'First day to get it again',
    button: 'Pause until then',
    isPaused: date => `It starts again on ${date}.`,
    isPausedOpenly: 'We send nothing until you say so.',
    resume: 'Start again now',
    saved: 'Your break is saved.',
    resumed: 'You get it again from now on.',
    problem: 'Choose a day from tomorrow to a year from now. Nothing was changed.',
  },
  advertising: {
    title: 'Advertising',
    off: 'You have not agreed to it. When an issue has a promotion, your copy comes without.',
    on: 'You have agreed to it.',
    agree: 'Agree',
    withdraw: 'Withdraw consent',
    given: 'Your consent is saved.',
    withdrawn: 'Your consent is withdrawn. We send no more advertising.',
  },
  opens: {
    title: 'Measuring opens',
    hint: isMeasured =>
      isMeasured
        ? 'This newsletter counts with a small picture whether a mail was opened.'
        : 'This newsletter does not measure opens. You can ask to be left out should it ever do so.',
    off: 'You asked to be left out.',
    on: 'You have not asked to be left out.',
    switchOff: 'Leave me out',
    switchOn: 'Allow it again',
    saved: 'Saved.',
  },
  others: {
    title: 'Other newsletters',
    hint: 'From the same publisher. Subscribe, and the next issue comes to this address.',
    subscribe: 'Subscribe',
    leave: 'Unsubscribe',
    of: name => `(${name})`,
    subscribed: 'You are subscribed.',
    left: 'You are unsubscribed.',
  },
  address: {
    title: 'Change your address',
    hint: 'We write to the new address. Confirm there, and the change is made.',
    label: 'New e-mail address',
    button: 'Send me the confirmation',
    asked:
      'If the address can be used, a mail is on its way to it. Nothing changes before you confirm there. You can ask three times a day.',
    problem: 'Please check the e-mail address. Nothing was changed.',
  },
  data: {
    title: 'Your data',
    hint: 'Download everything that is held of you, or delete it. The link goes to your own address, so that nobody you forward a mail to can see it.',
    button: 'Mail me the link',
    asked: 'The link is on its way to your address. It works for 7 days.',
    suppressed: 'We cannot send mail to this address. To get or delete your data, write to the address below.',
  },
  leaveAll: {
    title: 'Stop the other newsletters too?',
    button: 'Unsubscribe from all',
    did: 'The other newsletters of this publisher stop too.',
  },
  reason: {
    title: 'May we ask why?',
    hint: 'You are unsubscribed already, whether you answer or not.',
    options: {
      'too-often': 'It comes too often',
      'not-relevant': 'It is not for me',
      'too-long': 'It is too long',
      'never-asked': 'I never subscribed',
      elsewhere: 'I read it elsewhere',
      other: 'Something else',
    },
    note: 'Anything to add',
    noteHint: 'May stay empty; up to 500 characters.',
    button: 'Send',
    thanks: 'Thank you for telling us. It helps to make a better newsletter.',
  },
  newAddress: {
    ask: name => `Get ${name} at this address?`,
    will: address =>
      `Press the button, and from the next mail on we write to ${address}, and no more to the address used so far.`,
    button: 'Use this address',
    not: 'If you did not ask for this, close the page. Nothing changes.',
    done: 'Your address is changed',
    did: address => `From now on we write to ${address}.`,
    taken: 'This address has a subscription of its own',
    takenBody: address =>
      `The subscription of ${address} stays as it is. To get no more mail at your old address, unsubscribe there.`,
    over: 'This link no longer works',
    overBody: 'It works for two days, and once. To change your address, ask again in your settings.',
  },
  restore: {
    ask: 'Put your address back?',
    will: 'Press the button, and we write again to the address that got this mail, and no more to the new one.',
    button: 'Put it back',
    done: 'Your address is back',
    did: 'From the next mail on we write to the old address again.',
    over: 'This can no longer be undone here',
    overBody:
      'It is more than 7 days since the change, or the address was changed again. If you need help, write to the address below.',
  },
  own: {
    title: 'Your data',
    lead: address => `What is held of ${address}.`,
    download: 'Download',
    downloadBody:
      'Name and address, subscriptions and consents, issues and clicks: everything that is held, in one JSON file.',
    downloadButton: 'Download the file',
    remove: 'Delete',
    removeBody: 'This cannot be undone.',
    removeItems: [
      'Your name, address, subscriptions, consents, likes and letters are deleted, for all newsletters published here.',
      'How many copies of an issue were sent, and how often its links were used, stays as numbers that name nobody.',
      'One hash, from which your address cannot be read, stays, so that no import brings you back.',
      'You can subscribe again yourself at any time.',
    ],
    sure: 'I understand that this cannot be undone',
    removeButton: 'Delete my data',
    unsure: 'To delete your data, tick the box first. Nothing was deleted.',
    removed: 'Your data is deleted',
    removedBody: 'Nothing is held of the reader of this link. There is nothing more to do.',
    over: 'This link no longer works',
    overBody: 'It works for 7 days. Ask for a new one in your settings.',
  },
};

export const accountWords: Record<Language, AccountWords> = { ko, en };
