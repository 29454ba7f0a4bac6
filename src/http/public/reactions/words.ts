/** The words of likes, comments and sharing in each language; Korean in 해요체. Keys are complete by type. */

import type { Language } from '../words.ts';
import type { TextProblem } from './comment-text.ts';

export interface ReactionWords {
  like: {
    /** On the button once there are some. */
    label: (n: number) => string;
    button: string;
    readers: string;
    late: string;
    often: { title: string; body: string };
    away: { title: string; body: string };
    back: string;
  };
  comments: {
    title: string;
    /** On a link to the thread. */
    link: (n: number) => string;
    count: (n: number) => string;
    none: string;
    about: (number: number) => string;
    deleted: string;
    waiting: string;
    edited: string;
    you: string;
    answer: string;
    answerTo: (name: string) => string;
    edit: string;
    remove: string;
    more: string;
    whole: string;
    howTo: string;
    write: string;
    writeHint: string;
    text: string;
    textHint: string;
    name: string;
    nameHint: string;
    subject: string;
    subjectWhole: string;
    send: string;
    save: string;
    cancel: string;
    trap: string;
    forwarded: (name: string) => string;
    notReader: string;
    off: string;
    done: Record<'posted' | 'held' | 'edited' | 'deleted', string>;
    problems: Record<TextProblem | 'name' | 'repeated' | 'often' | 'late' | 'gone', string>;
    askRemove: string;
    removeHint: string;
    keep: string;
    reader: string;
  };
  quiet: {
    ask: string;
    will: (name: string) => string;
    button: string;
    done: string;
    did: (name: string) => string;
    undo: string;
    undone: string;
  };
  share: {
    issue: string;
    summary: string;
    address: string;
    copy: string;
    copied: string;
    device: string;
    places: string;
    byMail: string;
    mailBody: (name: string) => string;
    kakao: string;
    forward: string;
    own: string;
    ownLead: string;
    ownButton: string;
    ownHere: string;
    brought: (n: number) => string;
    link: string;
    preview: string;
  };
}

const ko: ReactionWords = {
  like: {
    label: n => `좋아요 ${n.toLocaleString('ko')}개`,
    button: '좋아요',
    readers: '이 브라우저에 작은 쿠키를 하나 남겨 두 번 세지 않게 해요. 누구인지는 남기지 않아요.',
    late: '하루가 지난 좋아요는 되돌릴 수 없어요.',
    often: {
      title: '좋아요가 너무 많이 왔어요',
      body: '이 네트워크에서 오늘 보낼 수 있는 만큼을 다 썼어요. 내일 다시 눌러 주세요.',
    },
    away: { title: '지금은 좋아요를 셀 수 없어요', body: '바뀐 것은 없어요. 잠시 뒤에 다시 눌러 주세요.' },
    back: '글로 돌아가기',
  },
  comments: {
    title: '댓글',
    link: n => (n === 0 ? '댓글' : `댓글 ${n.toLocaleString('ko')}개`),
    count: n => `댓글 ${n.toLocaleString('ko')}개`,
    none: '아직 댓글이 없어요.',
    about: number => `요약 ${number}`,
    deleted: '삭제한 댓글이에요.',
    waiting: '확인을 기다리고 있어요. 지금은 나에게만 보여요.',
    edited: '고침',
    you: '내 댓글',
    answer: '답글 쓰기',
    answerTo: name => `${name} 님에게 답글`,
    edit: '고치기',
    remove: '지우기',
    more: '다음 댓글 보기',
    whole: '이번 호의 모든 댓글 보기',
    howTo: '댓글은 구독자가 받은 메일의 ‘댓글’ 버튼으로 쓸 수 있어요. 로그인은 없어요.',
    write: '댓글 쓰기',
    writeHint: '첫 댓글은 확인한 뒤에 보여요.',
    text: '내용',
    textHint: '4,000자까지. *강조*, `코드`, > 인용, - 목록을 쓸 수 있어요.',
    name: '보여 줄 이름',
    nameHint: '댓글 옆에 이 이름이 보여요. 이메일 주소는 어디에도 보이지 않아요.',
    subject: '어떤 글에 쓰나요',
    subjectWhole: '이번 호 전체',
    send: '댓글 남기기',
    save: '고친 내용 저장',
    cancel: '그만두기',
    trap: '비워 두세요',
    forwarded: name => `‘${name}’ 이름으로 쓰게 돼요. 전달받은 메일이라면 여기에서 쓰지 말고 직접 구독해 주세요.`,
    notReader: '댓글은 구독 중일 때 쓸 수 있어요. 쓴 댓글은 언제든 지울 수 있어요.',
    off: '이 뉴스레터는 댓글을 받지 않아요.',
    done: {
      posted: '댓글을 남겼어요.',
      held: '댓글을 받았어요. 확인한 뒤에 모두에게 보여요.',
      edited: '고친 내용을 저장했어요.',
      deleted: '댓글을 지웠어요.',
    },
    problems: {
      empty: '내용을 적어 주세요.',
      long: '4,000자까지 쓸 수 있어요. 조금 줄여 주세요.',
      links: '링크가 너무 많아요. 여섯 개까지 넣을 수 있어요.',
      name: '이 이름은 쓸 수 없어요. 30자까지, 주소나 링크가 아닌 이름을 적어 주세요.',
      repeated: '같은 댓글이 이미 있어요.',
      often: '잠깐 사이에 댓글을 많이 남기셨어요. 10분쯤 뒤에 다시 남겨 주세요.',
      late: '쓰고 15분이 지난 댓글은 고칠 수 없어요. 지우고 새로 쓸 수 있어요.',
      gone: '답글을 쓰려던 댓글이 없어졌어요.',
    },
    askRemove: '이 댓글을 지울까요?',
    removeHint: '내용과 이름이 바로 지워지고 되돌릴 수 없어요.',
    keep: '그대로 두기',
    reader: '독자',
  },
  quiet: {
    ask: '답글 알림을 그만 받을까요?',
    will: name => `‘${name}’에 쓴 댓글에 답글이 달려도 메일을 보내지 않아요. 뉴스레터는 그대로 받아요.`,
    button: '알림 그만 받기',
    done: '답글 알림을 껐어요',
    did: name => `‘${name}’의 답글 알림이 더 가지 않아요. 뉴스레터는 그대로 받아요.`,
    undo: '알림 다시 받기',
    undone: '답글 알림을 다시 켰어요.',
  },
  share: {
    issue: '이번 호 공유하기',
    summary: '이 요약 공유하기',
    address: '공유할 주소',
    copy: '주소 복사',
    copied: '복사했어요',
    device: '다른 앱으로 공유',
    places: '다른 곳에 올리기',
    byMail: '메일로 보내기',
    mailBody: name => `‘${name}’에서 읽었어요. 같이 읽고 싶어서 보내요.`,
    kakao: '카카오톡은 주소를 복사해 대화방에 붙여 넣거나, 휴대폰에서 ‘다른 앱으로 공유’를 눌러 보내 주세요.',
    forward: '받은 메일을 그대로 전달하는 대신 이 주소를 보내 주세요. 메일에는 내 수신거부 링크가 들어 있어요.',
    own: '나의 추천 링크',
    ownLead: '나만의 주소를 만들면 그 주소로 몇 분이 구독했는지 볼 수 있어요. 누가 구독했는지는 보이지 않아요.',
    ownButton: '추천 링크 만들기',
    ownHere: '위 주소가 나의 추천 링크예요.',
    brought: n =>
      n === 0 ? '아직 이 링크로 구독한 분이 없어요.' : `내 링크로 ${n.toLocaleString('ko')}명이 구독했어요.`,
    link: '공유',
    preview: '공유할 글 보기',
  },
};

const en: ReactionWords = {
  like: {
    label: n => (n === 1 ? '1 like' : `${n.toLocaleString('en')} likes`),
    button: 'Like',
    readers: 'A small cookie in this browser keeps it from being counted twice. Nothing says who you are.',
    late: 'After a day a like cannot be taken back.',
    often: { title: 'Too many likes', body: 'This network has used up its likes for today. Try again tomorrow.' },
    away: { title: 'Likes cannot be counted just now', body: 'Nothing was changed. Try again in a moment.' },
    back: 'Back to the text',
  },
  comments: {
    title: 'Comments',
    link: n => (n === 0 ? 'Comments' : n === 1 ? '1 comment' : `${n.toLocaleString('en')} comments`),
    count: n => (n === 1 ? '1 comment' : `${n.toLocaleString('en')} comments`),
    none: 'No comments yet.',
    about: number => `Summary ${number}`,
    deleted: 'This comment was deleted.',
    waiting: 'Waiting for a moderator. Only you can see it now.',
    edited: 'edited',
    you: 'Yours',
    answer: 'Reply',
    answerTo: name => `Reply to ${name}`,
    edit: 'Edit',
    remove: 'Delete',
    more: 'More comments',
    whole: 'All comments on this issue',
    howTo: 'Subscribers comment through the button in the e-mail they got. There is no login.',
    write: 'Write a comment',
    writeHint: 'A first comment shows once a moderator has seen it.',
    text: 'Comment',
    textHint: 'Up to 4,000 characters. You can use *emphasis*, `code`, > quotes and - lists.',
    name: 'Name to show',
    nameHint: 'This stands beside your comments. Your e-mail address shows nowhere.',
    subject: 'About',
    subjectWhole: 'The whole issue',
    send: 'Post comment',
    save: 'Save changes',
    cancel: 'Cancel',
    trap: 'Leave this empty',
    forwarded: name => `You write as ${name}. If this e-mail was forwarded to you, please subscribe yourself instead.`,
    notReader: 'Only subscribers can comment. What you wrote can be deleted at any time.',
    off: 'This newsletter takes no comments.',
    done: {
      posted: 'Your comment is there.',
      held: 'We have your comment. It shows to everyone once a moderator has seen it.',
      edited: 'Your changes are saved.',
      deleted: 'Your comment was deleted.',
    },
    problems: {
      empty: 'Write something first.',
      long: 'A comment has up to 4,000 characters. Please shorten it.',
      links: 'Too many links. Up to six are possible.',
      name: 'This name cannot be used. Give up to 30 characters that are no address and no link.',
      repeated: 'The same comment is there already.',
      often: 'Many comments in a short time. Try again in about ten minutes.',
      late: 'After 15 minutes a comment cannot be edited. You can delete it and write a new one.',
      gone: 'The comment you were replying to is gone.',
    },
    askRemove: 'Delete this comment?',
    removeHint: 'Its text and name go at once, and cannot be brought back.',
    keep: 'Keep it',
    reader: 'Reader',
  },
  quiet: {
    ask: 'Stop e-mails about replies?',
    will: name =>
      `You will get no e-mail when someone replies to your comments in ${name}. The newsletter itself still comes.`,
    button: 'Stop these e-mails',
    done: 'E-mails about replies are off',
    did: name => `No more e-mails about replies in ${name}. The newsletter itself still comes.`,
    undo: 'Turn them on again',
    undone: 'E-mails about replies are on again.',
  },
  share: {
    issue: 'Share this issue',
    summary: 'Share this summary',
    address: 'Address to share',
    copy: 'Copy address',
    copied: 'Copied',
    device: 'Share with an app',
    places: 'Post it elsewhere',
    byMail: 'Send by e-mail',
    mailBody: name => `I read this in ${name} and thought of you.`,
    kakao: 'For KakaoTalk, copy the address into a chat, or use “Share with an app” on a phone.',
    forward: 'Send this address rather than the e-mail you got: the e-mail holds your own unsubscribe link.',
    own: 'Your own link',
    ownLead: 'With an address of your own you see how many people subscribed through it. You do not see who.',
    ownButton: 'Make my link',
    ownHere: 'The address above is your own link.',
    brought: n =>
      n === 0
        ? 'Nobody has subscribed through it yet.'
        : n === 1
          ? 'One person subscribed through your link.'
          : `${n.toLocaleString('en')} people subscribed through your link.`,
    link: 'Share',
    preview: 'See what is shared',
  },
};

export const reactionWords: Record<Language, ReactionWords> = { ko, en };
