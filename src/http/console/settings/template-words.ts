/** What the pages of a publication's templates say, in both languages; complete by type. */
import type { TemplateName } from '../../../model/template-names.ts';
import type { Flaw, TemplateInvalid } from '../../../render/own/flaw.ts';
import type { Language } from '../../language.ts';
import type { ConsoleContext } from '../context.ts';

type Said<K extends string> = Record<K, (what: string) => string>;

interface TemplateWords {
  templates: string;
  titleOf: (publication: string) => string;
  intro: string;
  parts: Record<TemplateName, { name: string; about: string }>;
  builtIn: string;
  own: string;
  broken: string;
  noPart: string;
  editor: string;
  most: (n: string) => string;
  store: string;
  storeHint: string;
  back: string;
  backHint: string;
  allParts: string;
  wrong: string;
  /** Of one that is stored. */
  wrongStored: string;
  line: (n: number) => string;
  toLine: (n: number) => string;
  fits: string;
  previewStale: string;
  previewFailed: string;
  builtInSource: string;
  values: string;
  valuesHint: string;
  asText: string;
  asHtml: string;
  lists: string;
  asked: string;
  partials: string;
  styles: string;
  changedLines: (n: number) => string;
  flaws: Said<Flaw>;
}

const en: TemplateWords = {
  templates: 'Templates',
  titleOf: publication => `Templates of ${publication}`,
  intro:
    'The e-mail is made of these parts, in this order. Each can be replaced by one of your own, and put back. The footer, with who sends it and how to unsubscribe, stays as it is. Plain text, letters and the web pages are not made of them.',
  parts: {
    'frame/masthead': { name: 'Masthead', about: 'Name or logo, number and date, view in browser, unsubscribe' },
    'sections/greeting': { name: 'Greeting', about: 'The first paragraphs' },
    'sections/highlights': { name: 'Highlights', about: 'The list at the top, and what follows it' },
    'frame/contents': { name: 'Contents', about: 'A link to each summary' },
    'sections/promo': { name: 'Promo', about: 'The offer, its code, its button, the label of advertising' },
    'sections/glossary': { name: 'Glossary', about: 'Terms and what they mean' },
    'sections/summary': { name: 'Summary', about: 'One paper: title, links, parts, like and share' },
    'sections/prose': { name: 'Prose', about: 'Any other section' },
    'sections/closing': { name: 'Closing', about: 'The last words, with the taps below' },
    'frame/taps': { name: 'Taps', about: 'Like, share, comment, subscribe' },
    'frame/ending': { name: 'Ending', about: 'Around the taps when an issue has no closing' },
  },
  builtIn: 'Built-in',
  own: 'Your own',
  broken: 'Does not fit',
  noPart: 'There is no such part.',
  editor: 'Template',
  most: n => `${n} characters at most. Tab leaves the field.`,
  store: 'Store',
  storeHint: 'Counts for every issue that is stored from now on. The history can take it back.',
  back: 'Back to the built-in one',
  backHint: 'Yours stays in the history.',
  allParts: 'All parts',
  wrong: 'Nothing was stored: the template cannot be used.',
  wrongStored:
    'This template does not fit, so issues of this publication cannot be made. Mend it, or go back to the built-in one.',
  line: n => `Line ${n}: `,
  toLine: n => `Go to line ${n}`,
  fits: 'Fits. The preview shows it.',
  previewStale: 'The preview shows the last text that fits.',
  previewFailed: 'The preview could not be made.',
  builtInSource: 'Built-in template',
  values: 'What it may name',
  valuesHint: 'Everything the built-in template writes must be written by yours too: nothing of an issue gets lost.',
  asText: 'Text',
  asHtml: 'HTML and addresses, ready',
  lists: 'Lists',
  asked: 'Only asked for',
  partials: 'Parts inside',
  styles: 'Styles and words',
  changedLines: n => (n === 1 ? '1 line changed' : `${n} lines changed`),
  flaws: {
    syntax: what => `Handlebars cannot read it: ${what}`,
    unfinished: () => 'Handlebars cannot go on from here. Are the braces right, is each #if and #each closed?',
    helper: what => `${what} is not used in templates. There are #if and #each, with one value each.`,
    nested: what => `${what} stands inside an #each: everything would be written many times over.`,
    partial: what => `The part ${what} cannot be used here.`,
    name: what => `${what} is no value of this part. Those it has are listed below.`,
    raw: what => `${what} is HTML: write it with three braces.`,
    escaped: what => `${what} is plain text: write it with two braces.`,
    often: what => `${what} is written too often.`,
    braces: () =>
      'These braces would stand in the mail as they are. Readers’ values come from the issue, never from a template.',
    long: () => 'It writes far more than a mail can hold.',
    render: what => `It cannot be written: ${what}`,
    markup: what => `The HTML cannot be read here: ${what}`,
    comment: () => 'HTML comments are not allowed. Write notes as {{! note }}.',
    tag: what => `The tag <${what}> is not allowed in a template.`,
    attribute: what => `The attribute ${what} is not allowed in a template.`,
    address: what =>
      `${what} needs a whole value of the part, or an address of its own that begins with https:, mailto: or #.`,
    value: what => `${what} cannot stand in this attribute: the built-in template does not put it there.`,
    style: what => `The style “${what}” is not allowed: it hides, moves or loads something.`,
    alt: () => 'A picture has no alt.',
    unclosed: what => `<${what}> is not closed where it should be.`,
    place: what => `${what} cannot stand there.`,
    condition: what => `${what} does not close where it was opened.`,
    link: () => 'A link has no words.',
    missing: what => `${what} is missing. The built-in template has it in such a place.`,
    twice: what => `${what} is written more often than in the built-in template.`,
  },
};

const ko: TemplateWords = {
  templates: '메일 서식',
  titleOf: publication => `메일 서식: ${publication}`,
  intro:
    '메일은 이 부분들로 이 순서대로 만들어져요. 부분마다 직접 쓴 서식으로 바꾸고, 다시 되돌릴 수 있어요. 누가 보냈고 어떻게 수신거부하는지 적는 맨 아래 부분은 바꿀 수 없어요. 텍스트 메일, 안내 편지, 웹 페이지는 이 서식을 쓰지 않아요.',
  parts: {
    'frame/masthead': { name: '제호', about: '이름이나 로고, 호수와 날짜, 웹에서 보기, 수신거부' },
    'sections/greeting': { name: '인사말', about: '맨 처음 문단들' },
    'sections/highlights': { name: '하이라이트', about: '맨 위 목록과 그다음에 오는 글' },
    'frame/contents': { name: '차례', about: '요약마다 가는 링크' },
    'sections/promo': { name: '프로모션', about: '할인과 코드, 버튼, 광고 표시' },
    'sections/glossary': { name: '용어집', about: '용어와 뜻' },
    'sections/summary': { name: '요약', about: '논문 한 편: 제목, 링크, 부분, 좋아요와 공유' },
    'sections/prose': { name: '일반 글', about: '그 밖의 모든 섹션' },
    'sections/closing': { name: '맺음말', about: '마지막 글과 그 아래 버튼' },
    'frame/taps': { name: '버튼 줄', about: '좋아요, 공유, 댓글, 구독' },
    'frame/ending': { name: '끝', about: '맺음말이 없는 이슈에서 버튼 줄을 감싸는 부분' },
  },
  builtIn: '기본 서식',
  own: '직접 쓴 서식',
  broken: '맞지 않음',
  noPart: '그런 부분이 없어요.',
  editor: '서식',
  most: n => `${n}자까지 쓸 수 있어요. Tab 키를 누르면 칸을 벗어나요.`,
  store: '저장',
  storeHint: '지금부터 저장하는 이슈에 적용돼요. 변경 내역에서 되돌릴 수 있어요.',
  back: '기본 서식으로 되돌리기',
  backHint: '직접 쓴 서식은 변경 내역에 남아요.',
  allParts: '모든 부분',
  wrong: '저장하지 않았어요. 쓸 수 없는 서식이에요.',
  wrongStored: '이 서식이 맞지 않아서 이 간행물의 이슈를 만들 수 없어요. 고치거나 기본 서식으로 되돌려 주세요.',
  line: n => `${n}번째 줄: `,
  toLine: n => `${n}번째 줄로 가기`,
  fits: '쓸 수 있는 서식이에요. 미리보기에 보여요.',
  previewStale: '미리보기는 쓸 수 있었던 마지막 글을 보여요.',
  previewFailed: '미리보기를 만들지 못했어요.',
  builtInSource: '기본 서식',
  values: '쓸 수 있는 이름',
  valuesHint: '기본 서식이 쓰는 값은 직접 쓴 서식도 모두 써야 해요. 그래야 이슈의 내용이 빠지지 않아요.',
  asText: '글자',
  asHtml: '완성된 HTML과 주소',
  lists: '목록',
  asked: '있는지 묻기만',
  partials: '안에 넣는 부분',
  styles: '스타일과 문구',
  changedLines: n => `바뀐 줄 ${n}개`,
  flaws: {
    syntax: what => `Handlebars가 읽을 수 없어요: ${what}`,
    unfinished: () =>
      'Handlebars가 여기에서 더 읽을 수 없어요. 중괄호가 맞는지, #if와 #each를 모두 닫았는지 봐 주세요.',
    helper: what => `서식에는 ${what} 대신 #if와 #each만, 값 하나와 함께 쓸 수 있어요.`,
    nested: what => `#each 안에 ${what} 부분이 있어요. 같은 내용이 몇 배로 늘어나요.`,
    partial: what => `여기에는 ${what} 부분을 넣을 수 없어요.`,
    name: what => `이 부분에는 ${what} 값이 없어요. 쓸 수 있는 이름은 아래에 있어요.`,
    raw: what => `${what} 값은 HTML이에요. 중괄호 세 개로 써 주세요.`,
    escaped: what => `${what} 값은 글자예요. 중괄호 두 개로 써 주세요.`,
    often: what => `${what} 값을 너무 여러 번 썼어요.`,
    braces: () => '이 중괄호는 메일에 그대로 보여요. 독자의 값은 서식이 아니라 이슈에서 와요.',
    long: () => '메일에 담을 수 있는 것보다 훨씬 길어요.',
    render: what => `서식대로 쓸 수 없어요: ${what}`,
    markup: what => `여기에서 HTML을 읽을 수 없어요: ${what}`,
    comment: () => 'HTML 주석은 쓸 수 없어요. 메모는 {{! 메모 }}처럼 써 주세요.',
    tag: what => `<${what}> 태그는 서식에 쓸 수 없어요.`,
    attribute: what => `${what} 속성은 서식에 쓸 수 없어요.`,
    address: what => `${what}에는 이 부분의 값 하나만 넣거나 https:, mailto:, #으로 시작하는 주소를 써 주세요.`,
    value: what => `${what}: 이 속성에는 쓸 수 없는 값이에요. 기본 서식이 쓰는 속성에만 쓸 수 있어요.`,
    style: what => `“${what}” 스타일은 쓸 수 없어요. 내용을 숨기거나 옮기거나 무언가를 불러와요.`,
    alt: () => '그림에 alt가 없어요.',
    unclosed: what => `<${what}> 태그를 닫아야 할 곳에서 닫지 않았어요.`,
    place: what => `${what}: 그 자리에 올 수 없어요.`,
    condition: what => `${what}: 연 자리에서 닫지 않았어요.`,
    link: () => '글자가 없는 링크가 있어요.',
    missing: what => `${what} 값이 빠졌어요. 기본 서식은 그런 자리에 이 값을 써요.`,
    twice: what => `${what} 값을 기본 서식보다 여러 번 썼어요.`,
  },
};

const words: Record<Language, TemplateWords> = { ko, en };

export function templateWords(c: ConsoleContext): TemplateWords {
  return words[c.get('language')];
}

/** What is wrong with a template, and where. */
export function flawIn(language: Language, { partial, flaw, what, line }: TemplateInvalid): string {
  const { parts, templates, flaws, line: lineOf } = words[language];
  const at = `${parts[partial].name}${line === undefined ? '' : `, ${lineOf(line).replace(/: $/, '')}`}`;
  return `${templates}: ${at}: ${flaws[flaw](what)}`;
}

export const flawText = (c: ConsoleContext, error: TemplateInvalid): string => flawIn(c.get('language'), error);
