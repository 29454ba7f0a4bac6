/**
 * Problems in Korean: what was found and what to do, by code. English is said where a problem is found (compose/problems, check/catalogue), so that the
 * command line and this panel say the same. `{1}` is the first quoted piece of the English message, `{2}` the second.
 */
import type { CheckCode } from '../../../check/catalogue.ts';
import type { problemCatalogue } from '../../../compose/problems.ts';
import type { Problem } from '../../../model/issue.ts';
import type { Language } from '../../language.ts';

type Code =
  | keyof typeof problemCatalogue
  | CheckCode
  | 'html-large'
  | 'html-too-large'
  | 'kr-ad-label'
  | 'kr-ad-phone'
  | 'braces-left';

const ko: Record<Code, readonly [what: string, help: string]> = {
  'source-too-large': [
    '글이 너무 커서 앞부분만 읽었어요.',
    '호를 나누거나, 긴 자료는 링크로 바꿔 주세요. 한도는 1MiB예요.',
  ],
  'no-content': ['내용이 없어요.', '앞머리 아래에 글을 써 주세요.'],
  'too-complex': [
    '표시가 지나치게 겹쳐서 읽을 수 없는 곳이 있어요.',
    '이곳을 단순하게 써 주세요. 글자는 그대로 두었어요.',
  ],
  'control-character': [
    '보이지 않는 제어 문자가 있어 지웠어요.',
    '붙여 넣을 때 따라온 문자예요. 이 줄을 다시 써 주세요.',
  ],
  'front-matter-invalid': [
    '앞머리를 YAML로 읽을 수 없어요.',
    '한 줄에 “키: 값” 하나씩 쓰고, “: ”나 “#”이 든 값은 따옴표로 감싸 주세요.',
  ],
  'front-matter-unclosed': ['앞머리의 끝이 없어요.', '---만 있는 줄로 앞머리를 끝내 주세요.'],
  'front-matter-key': [
    '앞머리에 없는 키예요: {1}',
    'title, subject, preheader, lang, number, date, slug, promo를 쓸 수 있어요.',
  ],
  'front-matter-value': ['앞머리의 값을 쓸 수 없어요: {1}', '값을 고쳐 주세요. 이슈 형식 문서에 예가 있어요.'],
  'no-subject': ['제목을 정하지 않아 내용에서 만들었어요: {1}', '마음에 들지 않으면 앞머리에 subject:를 적어 주세요.'],
  'subject-too-long': ['제목이 60자를 넘어요.', '60자 안팎으로 줄여 주세요. 받은편지함은 긴 제목을 잘라요.'],
  'no-preheader': [
    '미리보기 글을 정하지 않아 내용에서 만들었어요: {1}',
    '앞머리에 preheader:로 40~90자를 적어 주세요. 제목 다음에 보여요.',
  ],
  'preheader-length': [
    '미리보기 글이 40자보다 짧거나 90자보다 길어요.',
    '40~90자로 써 주세요. 짧으면 본문이 이어지고, 길면 잘려요.',
  ],
  'preheader-is-subject': ['미리보기 글이 제목과 같아요.', '제목이 아직 말하지 않은 것을 써 주세요.'],
  'lang-mismatch': [
    'lang:에 적은 언어와 글의 언어가 달라요.',
    'lang:을 확인해 주세요. 화면 낭독기가 그 언어로 읽어요.',
  ],
  'unclosed-emphasis': ['짝이 없는 ** 표시가 있어요: {1}', '빠진 **를 넣거나, 별표 자체라면 \\*\\*로 써 주세요.'],
  'empty-link': ['글자나 주소가 빠진 링크예요.', '[글자](https://…)처럼 둘 다 써 주세요.'],
  'unsafe-link': ['보낼 수 없는 주소라 링크를 뺐어요: {1}', 'http, https, mailto 주소를 써 주세요.'],
  'relative-link': [
    'https://로 시작하지 않는 주소예요: {1}',
    '주소를 https://부터 모두 써 주세요. 메일에는 기준이 될 사이트가 없어요.',
  ],
  'insecure-link': [
    '암호화되지 않은 주소예요: {1}',
    '가능하면 https://를 써 주세요. 메일 필터는 http 링크를 믿지 않아요.',
  ],
  'broken-anchor': ['없는 곳으로 가는 링크예요: {1}', '#glossary, #paper-2처럼 있는 곳을 가리켜 주세요.'],
  'image-without-alt': [
    '설명이 없는 그림이에요: {1}',
    '대괄호 안에 그림을 설명해 주세요. 그림을 불러오지 않는 독자가 많아요.',
  ],
  'image-not-https': ['https 주소가 아닌 그림이라 설명만 남겼어요: {1}', '그림을 https:// 주소에 올려 주세요.'],
  'image-on-this-machine': [
    '이 컴퓨터에만 있는 그림이에요: {1}',
    '시험 중이라면 그대로 두세요. 다른 곳의 독자에게 보이려면 PUBLIC_URL을 https 주소로 정하고 그림을 다시 넣어 주세요.',
  ],
  'unsafe-html': ['쓸 수 없는 HTML이라 뺐어요.', '지우거나 Markdown으로 써 주세요. 글자는 남겼어요.'],
  'unknown-directive': ['모르는 ::: 블록이에요: {1}', ':::when{has=name}을 쓰거나, 글자라면 쌍점 앞에 \\를 써 주세요.'],
  'unclosed-directive': ['::: 블록의 끝이 없어요.', '같은 수의 쌍점만 있는 줄로 끝내 주세요.'],
  'most-liked-example': [
    '사랑받은 요약 목록이 여기서는 예시예요.',
    '그대로 두세요. 보낼 때 지난 호의 실제 좋아요로 바뀌어요.',
  ],
  'most-liked-empty': [
    '지난 호에 좋아요를 받은 요약이 아직 없어 목록을 뺐어요.',
    '블록과 제목을 지우거나, 그대로 보내도 돼요.',
  ],
  'bad-count': ['::most-liked의 개수를 쓸 수 없어요.', '::most-liked{count=3}처럼 1부터 10까지 써 주세요.'],
  'bad-condition': [
    ':::when의 조건을 쓸 수 없어요.',
    '{has=name}, {lacks=name}, {field=tier is=vip} 가운데 하나로 써 주세요.',
  ],
  'unknown-field': ['이 발행물에 없는 필드예요: {1}', '있는 필드를 쓰거나, 발행물의 fields:에 더해 주세요.'],
  'field-in-title': ['제목에는 필드를 쓸 수 없어요.', '필드를 문단으로 옮겨 주세요. 제목은 모든 독자에게 같아요.'],
  'field-in-url': ['주소에는 필드를 쓸 수 없어요: {1}', '주소에서 필드를 지워 주세요.'],
  'template-syntax': ['템플릿 문법은 글자로 남겼어요: {1}', '{{필드}}와 {{필드|대신할 말}}만 채워져요.'],
  'reference-out-of-range': ['없는 논문을 가리켜요: {1}', '번호를 고치거나 그 요약을 더해 주세요.'],
  'heading-order': ['제목 단계를 건너뛰었어요: {1}', '한 단계씩 내려가 주세요. 화면 낭독기가 구조를 그대로 읽어요.'],
  'empty-section': ['내용이 없는 섹션이에요: {1}', '글을 쓰거나 제목을 지워 주세요.'],
  'empty-part': ['내용이 없는 소제목이에요: {1}', '글을 쓰거나 소제목을 지워 주세요.'],
  'duplicate-title': [
    '같은 제목의 요약이 둘이에요: {1}',
    '요약마다 다른 제목을 붙여 주세요. 독자와 보고서가 제목으로 구별해요.',
  ],
  'missing-work': [
    '논문이나 프로젝트 이름이 없는 요약이에요: {1}',
    '제목 아래에 “관련 연구: 이름 ( [논문](https://…) )” 같은 줄을 써 주세요.',
  ],
  'missing-paper-link': ['논문 링크가 없는 요약이에요: {1}', '제목 아래에 [논문](https://…)을 더해 주세요.'],
  'duplicate-term': ['같은 용어를 두 번 풀이했어요: {1}', '하나만 남겨 주세요.'],
  'unused-term': [
    '풀이만 있고 본문에 나오지 않는 용어예요: {1}',
    '용어를 지우거나, 본문의 표기가 같은지 확인해 주세요.',
  ],
  'empty-term': ['풀이가 없는 용어예요: {1}', '용어 뒤에 풀이를 써 주세요.'],
  'term-abbreviation-taken': [
    '약어 {1}을(를) 지난 호에서는 다른 용어로 풀이했어요: {3}',
    '헷갈릴 수 있는 곳에는 약어를 풀어 써 주세요.',
  ],
  'term-translated-otherwise': [
    '{1}의 번역이 지난 호({3})와 달라요: {2}',
    '지난 번역을 쓰거나, 지난 번역이 틀렸다면 그대로 두세요.',
  ],
  'promo-without-code': [
    '할인에 코드도 주소도 없어 독자가 쓸 수 없어요.',
    '앞머리의 promo:에 code:나 url:을 적거나, 글에 링크를 넣어 주세요.',
  ],
  'duplicate-section': ['한 번만 있어야 할 섹션이 둘이에요.', '하나만 남기거나, 둘째에 다른 제목을 붙여 주세요.'],
  'unused-footnote': ['본문에서 가리키지 않는 각주예요: {1}', '[^이름]으로 가리키거나 지워 주세요.'],
  'html-large': [
    'HTML이 90,000바이트를 넘었어요. Gmail은 102,000바이트 근처에서 잘라요.',
    '아직 들어가요. 더 쓰기 전에 섹션별 크기를 봐 주세요.',
  ],
  'html-too-large': [
    'HTML이 100,000바이트를 넘어 Gmail에서 잘려요.',
    '가장 긴 섹션을 줄여 주세요. 수신거부 링크까지 잘릴 수 있어요.',
  ],
  'kr-ad-label': [
    '할인이 있는데 제목이 (광고)로 시작하지 않아요.',
    '제목을 정확히 (광고)로 시작하거나 할인을 빼 주세요. 정보통신망법 제50조 제4항이에요.',
  ],
  'kr-ad-phone': [
    '광고가 있는 호에는 보내는 이의 전화번호가 있어야 해요.',
    '발행물에 phone을 적어 주세요. 정보통신망법 제50조 제4항이에요.',
  ],
  'kr-ad-footer': [
    '광고가 있는 호의 바닥글에 빠진 것이 있어요: {1} {2} {3} {4}',
    '발행물에 보내는 이의 이름, 이메일, 전화, 주소를 적어 주세요. 정보통신망법 제50조 제4항이에요.',
  ],
  'kr-ad-words': [
    '제목에 {1} 같은 말이 있는데 (광고) 표시가 없어요.',
    '광고라면 제목을 (광고)로 시작하고 할인 제목 아래에 써 주세요. 아니라면 다른 말로 써 주세요.',
  ],
  'kr-ad-needless': [
    '제목에 (광고)가 있는데 할인 섹션이 없어요.',
    '(광고)를 지우거나, 내용에 “특별 할인” 같은 제목을 붙여 주세요.',
  ],
  'unsubscribe-late': [
    '수신거부 링크가 앞 90,000바이트 안에 없어요.',
    '머리글을 되살리거나 호를 줄여 주세요. Gmail이 자르기 전에 나가는 길이 있어야 해요.',
  ],
  'braces-left': [
    '독자에게 {1}이(가) 그대로 보여요.',
    '필드라면 {{name|대신할 말}}로 써 주세요. 아니라면 그대로 두세요.',
  ],
  'field-empty': [
    '{1} 값이 없는 독자에게는 그 자리가 비어요.',
    '{{name|독자}}처럼 대신할 말을 쓰거나, 발행물에 기본값을 정해 주세요.',
  ],
  'link-shows-other': [
    '링크에 보이는 주소({1})와 가는 곳({2})이 달라요.',
    '가는 주소를 그대로 보이거나 말로 써 주세요. 필터는 이것을 사기로 봐요.',
  ],
  'link-shortener': ['줄인 주소예요: {1}', '원래 주소를 써 주세요. 필터는 줄인 주소를 믿지 않고, 클릭은 여기서 세요.'],
  'link-private': ['독자가 갈 수 없는 내부 주소예요: {1}', '독자가 갈 수 있는 주소를 써 주세요.'],
  'link-placeholder': ['예시용 주소예요: {1}', '실제 주소를 써 주세요.'],
  'link-text-vague': [
    '링크 글자가 {1}뿐이에요.',
    '어디로 가는지 알 수 있게 써 주세요. 화면 낭독기는 링크만 골라 읽기도 해요.',
  ],
  'alt-file-name': ['그림 설명이 파일 이름이에요: {1}', '그림에 무엇이 보이는지 써 주세요.'],
  'image-format': [
    'Windows용 Outlook이 보여 주지 않는 형식의 그림이에요: {1}',
    'PNG, JPEG, GIF를 써 주세요. 그림 버튼으로 넣으면 바꿔 드려요.',
  ],
  'name-spelling': [
    '본문에는 {1}, 용어집에는 {2}(이)라고 썼어요.',
    '용어집대로 쓰거나, 다른 이름이라면 그대로 두세요.',
  ],
  'spam-likely': ['스팸 추정 점수가 높아요.', '아래 스팸 추정에서 점수가 큰 항목부터 고쳐 주세요.'],
};

/** What was found, and what to do, in the reader's language. */
export function problemWords(
  { code, message, help }: Pick<Problem, 'code' | 'message' | 'help'>,
  language: Language,
): { message: string; help: string } {
  const words = language === 'ko' && Object.hasOwn(ko, code) ? ko[code as Code] : undefined;
  if (!words) return { message, help };
  const quoted = [...message.matchAll(/“([^”]*)”/g)].map(match => match[1]!);
  const filled = words[0].replace(/\{([1-4])\}/g, (_all, at: string) => {
    const piece = quoted[Number(at) - 1];
    return piece === undefined ? '' : `“${piece}”`;
  });
  return { message: filled.replace(/\s*[:：]\s*$/, '').trim(), help: words[1] };
}
