/** What the composer's scripts for pictures, paste and checks say. */
interface Words {
  uploading: (name: string, percent: number) => string;
  picture: string;
  add: string;
  alt: string;
  altHint: string;
  insert: string;
  without: string;
  dismiss: string;
  tooLarge: string;
  tooMany: string;
  unreachable: string;
  pasting: string;
  pasteFailed: string;
  checkFailed: string;
  checking: string;
}

const en: Words = {
  uploading: (name, percent) => `${name}: ${percent}%`,
  picture: 'Picture',
  add: 'Add a picture',
  alt: 'What does the picture show?',
  altHint: 'Read out by screen readers, and shown where pictures are not loaded. One sentence.',
  insert: 'Add description',
  without: 'It only decorates',
  dismiss: 'Close',
  tooLarge: 'The file has more than 10 MB. Make it smaller: 1,200 pixels of width are all that a mail shows.',
  tooMany: 'Ten pictures at a time: add the others when these are there.',
  unreachable: 'The server cannot be reached. The text is as it was; try again in a moment.',
  pasting: 'Reading what you pasted …',
  pasteFailed: 'Pasted without formatting.',
  checkFailed: 'The check did not come through. It is tried again with your next change.',
  checking: 'Checking …',
};

const ko: Words = {
  uploading: (name, percent) => `${name}: ${percent}%`,
  picture: '그림',
  add: '그림 넣기',
  alt: '무엇을 보여 주는 그림인가요?',
  altHint: '화면 낭독기가 읽고, 그림을 불러오지 않는 곳에 대신 보여요. 한 문장이면 돼요.',
  insert: '설명 넣기',
  without: '꾸미기만 하는 그림이에요',
  dismiss: '닫기',
  tooLarge: '파일이 10MB를 넘어요. 크기를 줄여 주세요. 메일에서는 너비 1,200픽셀이면 충분해요.',
  tooMany: '한 번에 열 장까지 넣을 수 있어요. 나머지는 이 그림들이 들어온 뒤에 넣어 주세요.',
  unreachable: '서버에 닿지 않아요. 글은 그대로예요. 잠시 뒤 다시 해 주세요.',
  pasting: '붙여 넣은 글을 읽는 중 …',
  pasteFailed: '서식 없이 붙여 넣었어요.',
  checkFailed: '점검하지 못했어요. 글을 고치면 다시 점검해요.',
  checking: '점검하는 중 …',
};

export const words = (): Words => (document.documentElement.lang === 'ko' ? ko : en);
