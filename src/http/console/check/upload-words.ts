/** What is said of pictures and of pasted text. Errors are pairs: what happened, what to do. */
import type { Language } from '../../language.ts';

type Pair = readonly [what: string, help: string];

interface UploadWords {
  noPublication: Pair;
  notPicture: Pair;
  kind: Pair;
  broken: Pair;
  pixels: Pair;
  tooLarge: Pair;
  busy: Pair;
  full: Pair;
  animated: string;
  stilled: string;
  pasteTooLarge: Pair;
}

const words: Record<Language, UploadWords> = {
  en: {
    noPublication: ['It is not known whose picture this is.', 'Load the page again, then add the picture once more.'],
    notPicture: [
      'This file is not a picture, whatever its name says.',
      'Choose a PNG, JPEG, WebP or GIF. Open it first in a picture program: if that shows it, save it from there.',
    ],
    kind: [
      'Mail programs do not show pictures of this kind.',
      'Save it as PNG (drawings) or JPEG (photographs), then add that.',
    ],
    broken: ['The picture is incomplete or damaged.', 'Get the file again, or save it anew from a picture program.'],
    pixels: [
      'The picture has more than 60 million pixels.',
      'Make it smaller: 1,200 pixels of width are all that a mail shows.',
    ],
    tooLarge: ['The file has more than 10 MB.', 'Make it smaller: 1,200 pixels of width are all that a mail shows.'],
    busy: ['Too many pictures are being read just now.', 'Try again in a moment.'],
    full: [
      'The publication’s pictures have used up their gigabyte.',
      'Put the picture on a site of yours and write its address, or ask who runs this server for more room.',
    ],
    animated: 'It moves. Outlook on Windows shows only its first frame: say nothing that needs the others.',
    stilled: 'It is too large to move in a mail, so its first frame is shown.',
    pasteTooLarge: [
      'What you pasted is too large to be read with its formatting.',
      'Paste it in parts, or without formatting: Ctrl+Shift+V, on a Mac ⇧⌘V.',
    ],
  },
  ko: {
    noPublication: ['어느 발행물의 그림인지 알 수 없어요.', '페이지를 다시 연 뒤 그림을 다시 넣어 주세요.'],
    notPicture: [
      '이름과 달리 그림 파일이 아니에요.',
      'PNG, JPEG, WebP, GIF 파일을 골라 주세요. 그림 프로그램에서 열리면 거기서 다시 저장해 주세요.',
    ],
    kind: ['메일 프로그램이 보여 주지 않는 종류의 그림이에요.', '도안은 PNG로, 사진은 JPEG로 저장한 뒤 넣어 주세요.'],
    broken: ['그림이 잘렸거나 망가졌어요.', '파일을 다시 받거나, 그림 프로그램에서 새로 저장해 주세요.'],
    pixels: ['그림이 6천만 화소를 넘어요.', '크기를 줄여 주세요. 메일에서는 너비 1,200픽셀이면 충분해요.'],
    tooLarge: ['파일이 10MB를 넘어요.', '크기를 줄여 주세요. 메일에서는 너비 1,200픽셀이면 충분해요.'],
    busy: ['지금 읽고 있는 그림이 너무 많아요.', '잠시 뒤 다시 넣어 주세요.'],
    full: [
      '이 발행물의 그림이 1GB를 다 썼어요.',
      '그림을 다른 사이트에 올리고 그 주소를 적거나, 서버 운영자에게 공간을 늘려 달라고 해 주세요.',
    ],
    animated: '움직이는 그림이에요. Windows용 Outlook은 첫 장면만 보여 주니, 나머지가 꼭 필요하지 않게 써 주세요.',
    stilled: '메일에서 움직이기에는 너무 커서 첫 장면만 보여요.',
    pasteTooLarge: [
      '붙여 넣은 글이 너무 커서 서식째 읽을 수 없어요.',
      '나눠서 붙여 넣거나, 서식 없이 붙여 주세요: Ctrl+Shift+V, Mac에서는 ⇧⌘V.',
    ],
  },
};

export function uploadWordsOf(language: Language): UploadWords {
  return words[language];
}
