/** The words of readers' pages in each language; Korean in 해요체. Keys are complete by type. */
export const languages = ['ko', 'en'] as const;
export type Language = (typeof languages)[number];

/** `{name}` is the publication's name, `{address}` the masked address. */
export interface Words {
  language: string;
  home: { title: string; lead: string; empty: string; latest: string };
  archive: {
    issues: string;
    empty: string;
    older: string;
  };
  issueNumber: (number: string) => string;
  readOnWeb: string;
  /** Over an issue that was corrected after it had begun to go out. */
  corrected: (date: string, note: string | null) => string;
  like: {
    ask: { issue: string; summary: string };
    button: string;
    done: string;
    thanks: string;
    undo: string;
    count: (n: number) => string;
  };
  leave: {
    ask: (name: string) => string;
    will: (address: string) => string;
    button: string;
    forwarded: string;
    done: string;
    did: (name: string, address: string) => string;
    undoLead: string;
    undo: string;
    back: string;
    didBack: (name: string, address: string) => string;
    gone: string;
    goneBody: string;
  };
  preferences: {
    title: string;
    address: string;
    publication: string;
    state: string;
    states: Record<'active' | 'paused' | 'pending' | 'unsubscribed' | 'none', string>;
    since: (date: string, zone: string) => string;
    suppressed: string;
    name: string;
    nameHint: string;
    save: string;
    saved: string;
    leaveTitle: string;
    leaveHint: string;
    stay: string;
    stayHint: string;
    link: string;
  };
  missing: { title: string; body: string; home: string };
  failed: { title: string; body: string; number: (id: string) => string };
  method: { title: string; body: string };
  tooLarge: { title: string; body: string };
}

const ko: Words = {
  language: '한국어',
  home: {
    title: '뉴스레터',
    lead: '여기에서 펴내는 뉴스레터예요. 지난 호를 읽고 구독할 수 있어요.',
    empty: '아직 펴낸 뉴스레터가 없어요. 곧 이 자리에서 만나요.',
    latest: '최신 호',
  },
  archive: {
    issues: '지난 호',
    empty: '아직 보낸 호가 없어요. 첫 호가 나오면 여기에서 읽을 수 있어요.',
    older: '더 지난 호 보기',
  },
  issueNumber: number => (/^\d+$/.test(number) ? `제${number}호` : number),
  readOnWeb: '웹에서 이 호 읽기',
  corrected: (date, note) => (note ? `${date}에 바로잡았어요: ${note}` : `${date}에 내용을 바로잡았어요.`),
  like: {
    ask: { issue: '이번 호가 좋으셨나요?', summary: '이 요약이 좋으셨나요?' },
    button: '좋아요',
    done: '좋아요를 남겼어요',
    thanks: '고마워요. 만드는 사람에게 큰 힘이 돼요.',
    undo: '좋아요 취소',
    count: n => (n === 0 ? '첫 번째 좋아요를 남겨 주세요.' : `지금까지 ${n.toLocaleString('ko')}명이 좋아했어요.`),
  },
  leave: {
    ask: name => `‘${name}’ 메일을 그만 받으시겠어요?`,
    will: address => `아래 버튼을 누르면 ${address} 주소로 더 보내지 않아요. 바로 적용돼요.`,
    button: '수신거부',
    forwarded: '다른 분께 전달받은 메일이라면, 위 주소가 본인 것인지 먼저 확인해 주세요.',
    done: '수신거부를 마쳤어요',
    did: (name, address) => `이제 ${address} 주소로 ‘${name}’ 메일을 보내지 않아요.`,
    undoLead: '잘못 누르셨다면 바로 되돌릴 수 있어요.',
    undo: '다시 구독하기',
    back: '다시 구독했어요',
    didBack: (name, address) => `다음 호부터 ${address} 주소로 ‘${name}’ 메일을 다시 보내 드려요.`,
    gone: '구독하고 있지 않아요',
    goneBody: '이 링크의 주소로는 메일을 보내지 않아요. 더 하실 일은 없어요.',
  },
  preferences: {
    title: '구독 설정',
    address: '받는 주소',
    publication: '뉴스레터',
    state: '상태',
    states: {
      active: '구독 중',
      paused: '잠시 멈춤',
      pending: '확인을 기다리는 중',
      unsubscribed: '수신거부함',
      none: '구독하지 않음',
    },
    since: (date, zone) => `${date}부터 (${zone})`,
    suppressed:
      '이 주소는 반송되었거나 신고되어 메일을 보내지 않고 있어요. 다시 받고 싶다면 받은 메일에 답장해 주세요.',
    name: '부를 이름',
    nameHint: '메일에서 이 이름으로 인사드려요. 비워 두어도 괜찮아요.',
    save: '이름 저장',
    saved: '이름을 저장했어요.',
    leaveTitle: '그만 받기',
    leaveHint: '바로 적용되고, 언제든 되돌릴 수 있어요.',
    stay: '다시 받기',
    stayHint: '다음 호부터 다시 보내 드려요.',
    link: '구독 설정 보기',
  },
  missing: {
    title: '찾으시는 페이지가 없어요',
    body: '주소가 잘렸거나 바뀌었을 수 있어요. 메일에 있는 링크를 다시 눌러 보시고, 그래도 열리지 않으면 그 메일에 답장해 주세요.',
    home: '뉴스레터 둘러보기',
  },
  failed: {
    title: '지금은 처리하지 못했어요',
    body: '서버에 문제가 있어 요청을 마치지 못했어요. 잠시 뒤에 다시 시도해 주세요.',
    number: id => `계속되면 이 번호와 함께 알려 주세요: ${id}`,
  },
  method: {
    title: '이 주소에서는 할 수 없는 요청이에요',
    body: '바뀐 것은 없어요. 메일에 있는 링크로 다시 들어와 주세요.',
  },
  tooLarge: { title: '보낸 내용이 너무 커요', body: '바뀐 것은 없어요. 내용을 줄여 다시 보내 주세요.' },
};

const en: Words = {
  language: 'English',
  home: {
    title: 'Newsletters',
    lead: 'The newsletters published here: read past issues, and subscribe.',
    empty: 'Nothing is published here yet. The first newsletter will appear in this place.',
    latest: 'Latest issue',
  },
  archive: {
    issues: 'Issues',
    empty: 'No issue has been sent yet. The first one will be here to read.',
    older: 'Older issues',
  },
  issueNumber: number => (/^\d+$/.test(number) ? `No. ${number}` : number),
  readOnWeb: 'Read this issue on the web',
  corrected: (date, note) => (note ? `Corrected on ${date}: ${note}` : `Corrected on ${date}.`),
  like: {
    ask: { issue: 'Did you like this issue?', summary: 'Did you like this summary?' },
    button: 'I like it',
    done: 'You like this',
    thanks: 'Thank you. It means a lot to those who make it.',
    undo: 'Take it back',
    count: n =>
      n === 0
        ? 'Be the first to like it.'
        : n === 1
          ? 'One reader likes it so far.'
          : `${n.toLocaleString('en')} readers like it so far.`,
  },
  leave: {
    ask: name => `Stop getting ${name}?`,
    will: address => `Press the button and we send nothing more to ${address}. It takes effect at once.`,
    button: 'Unsubscribe',
    forwarded: 'If somebody forwarded this mail to you, check first that the address above is yours.',
    done: 'You are unsubscribed',
    did: (name, address) => `We no longer send ${name} to ${address}.`,
    undoLead: 'Pressed by mistake? You can undo it now.',
    undo: 'Subscribe again',
    back: 'You are subscribed again',
    didBack: (name, address) => `From the next issue on we send ${name} to ${address} again.`,
    gone: 'You are not subscribed',
    goneBody: 'We send no mail to the address of this link. There is nothing more to do.',
  },
  preferences: {
    title: 'Your subscription',
    address: 'Address',
    publication: 'Newsletter',
    state: 'State',
    states: {
      active: 'Subscribed',
      paused: 'Paused',
      pending: 'Waiting for your confirmation',
      unsubscribed: 'Unsubscribed',
      none: 'Not subscribed',
    },
    since: (date, zone) => `since ${date} (${zone})`,
    suppressed:
      'Mail to this address bounced or was reported, so we send none. To get it again, answer any mail of ours.',
    name: 'Your name',
    nameHint: 'How we greet you in the mail. You may leave it empty.',
    save: 'Save name',
    saved: 'Your name is saved.',
    leaveTitle: 'Stop the mail',
    leaveHint: 'Takes effect at once, and can be undone.',
    stay: 'Get it again',
    stayHint: 'We send it again from the next issue on.',
    link: 'See your subscription',
  },
  missing: {
    title: 'There is no page here',
    body: 'The address may have been cut or changed. Try the link in your mail once more; if it still does not open, answer that mail.',
    home: 'See the newsletters',
  },
  failed: {
    title: 'This did not work just now',
    body: 'The server has a problem and could not finish the request. Please try again in a while.',
    number: id => `If it keeps happening, tell us this number: ${id}`,
  },
  method: {
    title: 'This address does not take that request',
    body: 'Nothing was changed. Come back through the link in your mail.',
  },
  tooLarge: { title: 'What you sent is too large', body: 'Nothing was changed. Please send less.' },
};

export const words: Record<Language, Words> = { ko, en };
