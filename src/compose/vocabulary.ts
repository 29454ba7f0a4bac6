/**
 * The words by which Korean and English newsletters announce their sections: the one place to extend when an editor's heading is not known.
 * Patterns are matched against `normaliseHeading(text)`: lower case, without numbers, emoji, brackets' padding and closing punctuation.
 */

export type HeadingKind =
  | 'greeting'
  | 'highlights'
  | 'promo'
  | 'glossary'
  /** A heading over all summaries. */
  | 'papers'
  /** A heading over one summary's links. */
  | 'links'
  /** Lists of further material: never a summary, whatever it links to. */
  | 'reading'
  | 'closing'
  /** Part of a summary. */
  | 'part';

/** Tried in this order. Anchored, and short by `maxLength`, so that a paper's title which holds such a word stays a title. */
const headingVocabulary: { kind: HeadingKind; maxLength: number; pattern: RegExp }[] = [
  {
    kind: 'links',
    maxLength: 30,
    pattern:
      /^(?:관련 ?)?(?:링크|자료)$|^관련 ?(?:연구|논문)$|^(?:관련 ?)?(?:링크|자료|연구|논문) ?(?:및|와|과|·|\/|&) ?(?:링크|자료|코드|논문)$|^논문 (?:링크|정보|원문)$|^원문(?: 링크)?$|^참고(?: ?(?:자료|문헌|링크))?$|^(?:the )?(?:links?|resources?|references?|sources?|related (?:work|research|links?|paper)|paper (?:and|&|\+) code|read (?:more|the paper)|learn more)$/,
  },
  {
    kind: 'glossary',
    maxLength: 40,
    pattern:
      /용어|낱말|키워드 ?(?:정리|사전|해설|풀이)|핵심 (?:개념|키워드)|glossary|terminolog|(?:key|core|new|important) (?:terms|concepts|words|vocabulary)|terms (?:to know|you|of the week|explained)|^terms$|vocabulary|jargon|definitions/,
  },
  {
    kind: 'promo',
    maxLength: 40,
    pattern:
      /할인|프로모션|쿠폰|혜택|특가|이벤트|스폰서|협찬|후원|광고|초대(?:장|권|합니다)?$|파트너 소식|sponsor|promo|discount|(?:special|exclusive|limited) (?:offer|deal|invit)|^offer|^deal|coupon|advert|partner|^(?:an )?invitation/,
  },
  {
    kind: 'highlights',
    maxLength: 40,
    pattern:
      /하이라이트|한눈에|미리 ?보기|세 줄 요약|(?:이번|금) ?(?:주|호|달)의? ?(?:주요|핵심|소식|내용|요약|목차|이야기)|^(?:주요|핵심) ?(?:내용|소식|요약|포인트|뉴스)$|^요약$|^목차$|in this (?:issue|edition|newsletter)|highlights?$|tl;?dr|at a glance|what(?:'|’)?s (?:inside|in (?:this|store))|this week|^contents$|overview|^summary$|key points/,
  },
  {
    kind: 'reading',
    maxLength: 40,
    pattern:
      /더 ?읽을|읽을거리|함께 읽|추천 (?:글|자료|링크)|그 ?밖의|짧은 소식|단신|^뉴스|소식$|further reading|more (?:papers|reading|links|news)|other (?:papers|news|links)|quick (?:links|hits|news)|in brief|worth (?:a )?read|^news$/,
  },
  {
    kind: 'papers',
    maxLength: 50,
    pattern:
      /^(?:이번 ?(?:주|호|달)의? ?)?(?:주요|핵심|최신|추천|주목할(?: 만한)?|오늘의|새로운|선정|ai|llm)? ?(?:논문|연구|페이퍼)(?:들)?(?: ?(?:요약|소개|리뷰|섹션|모음|하이라이트|브리핑|목록|정리|해설|살펴보기|깊이 읽기|동향))*(?: ?(?:\/|\||·|-|\() ?(?:the )?(?:research )?(?:papers?|summar(?:y|ies)|paper summaries|research)\)?)?$|^(?:the |this week(?:'|’)?s |top |latest |featured |new |notable |recent |selected |ai |llm )*(?:research )?(?:papers?|research|studies)(?: (?:summar(?:y|ies)|of the week|in (?:focus|depth|brief)|review(?:s|ed)?|highlights|roundup|digest|deep dives?|section|this week))*(?: ?(?:\/|\||·|-|\() ?.{0,20})?$|^(?:paper )?summaries$|^deep dives?$/,
  },
  {
    kind: 'closing',
    maxLength: 40,
    pattern:
      /^(?:글을 )?마치며|맺음|맺는|마무리|끝으로|끝맺|나가며|닫는 글|작별|감사(?:합니다|해요|의)|다음 ?(?:주|호)에|의견을|closing|wrap(?:ping)?[ -]?up|that(?:'|’)?s (?:all|it)|thank(?:s| you)|before you go|until next|see you|final words|feedback|enjoyed this|goodbye|sign(?:ing)?[ -]off/,
  },
  {
    kind: 'greeting',
    maxLength: 30,
    pattern:
      /^인사|안녕|들어가며|시작하며|여는 글|환영|머리말|편집자|welcome|^hello|^hi(?:\b|$)|^dear|^intro|editor(?:'|’)?s note|^greeting/,
  },
  {
    kind: 'part',
    maxLength: 60,
    pattern:
      /^(?:이 (?:논문|연구)(?:은|는|이|가)? )?(?:어떤|무슨|무엇이|해결하려는|풀려는|풀고자 하는)? ?문제(?:는|를|가|의|점|\b|$)|^문제(?: ?(?:정의|의식|제기|설정|상황))?$|^(?:연구 )?(?:배경|동기|목적|목표|질문)|^어떻게|^(?:제안 ?)?(?:방법|접근)(?:론| ?방식| ?방법|법)?(?:은|는)?(?: 무엇.*)?$|^(?:해결|연구) ?(?:방법|방식|책|방안)|^(?:핵심|주요|중요한?) ?(?:아이디어|발견|결과|기여|내용|방법|통찰|포인트|메시지|시사점)|^(?:실험 ?)?(?:결과|성과)(?:는|와|$)|^(?:실험|평가|발견|결론|논의|기여|의의|의미|시사점|한계|전망|요점|활용|영향)(?:점|은|는|과|와| |$)|^무엇(?:을|이) |^왜 |^다음 ?(?:단계|은|엔|에는|으로)|^(?:향후|앞으로)|^그래서|^한 ?줄 ?(?:요약|평)|^요약$|^(?:the |a )?(?:key |main |big |core |central )?(?:problem|question|background|context|motivation|challenge|idea|approach|method(?:ology)?s?|solution|finding|result|insight|takeaway|contribution|experiment|evaluation|limitation|implication|conclusion|significance|impact|discussion|summary|gist|caveat)s?(?: (?:and|&) .{0,25}| being .{0,20}| statement)?$|^(?:what|how|why|which|where|who|so what)\b.*|^next steps?$|^future (?:work|directions?)|^(?:looking ahead|outlook|going forward|bottom line|in short|tl;?dr)$/,
  },
];

/** "And more" at the end of the highlights. */
export const morePattern =
  /^(?:…|\.{3})?\s*(?:이 ?외에도|그 ?외에도|그 ?밖에도?|이 ?밖에도?|그리고 더|이것 ?말고도|더 많은|and (?:(?:much|many|a lot|lots|even) )?more|plus,? (?:much |lots |even )?more|(?:much |many |lots )more|and others?\b|…and more)/i;

/** What invites the reader to jump: the words that become the link, best first. */
export const jumpWords = {
  glossary: [
    /핵심 ?용어집|용어집|용어 ?(?:정리|사전|해설|풀이)|핵심 ?용어/,
    /(?:key (?:terms|concepts)|glossary(?: of (?:key )?terms)?|terminology)(?: section| below)?/i,
  ],
  papers: [
    /논문 ?(?:섹션|요약|소개|리뷰|목록|본문|부분)/,
    /(?:the )?(?:paper|research)s?(?: (?:section|summaries|summary))|(?:this week(?:'|’)s |the )?papers/i,
    /논문|요약(?:으로|을)/,
  ],
} as const;
export const invitePattern =
  /아래|바로|이동|확인|건너|살펴|넘어가|먼저|jump|skip|scroll|below|check|head|go (?:straight|directly|to)|dive|straight|browse|see the/i;

/** A paragraph that advertises holds several of these. */
export const promoWords = [
  /할인/,
  /코드/,
  /쿠폰/,
  /초대/,
  /무료/,
  /혜택/,
  /특가/,
  /프로모션|이벤트/,
  /(?:참여|등록|신청|구매)(?:하|할|을|해|하세요)/,
  /컨퍼런스|콘퍼런스|워크숍|행사|강의/,
  /discount|\d+\s?% off|save \d/i,
  /\b(?:promo )?code\b/i,
  /coupon|voucher/i,
  /invit(?:e|ed|ation)/i,
  /\bfree\b/i,
  /offer|deal\b/i,
  /register|sign up|ticket|book (?:your|a)/i,
  /conference|workshop|event|course|webinar/i,
  /sponsor/i,
];
/** Without one of these it is news, not a promo. */
export const promoCore =
  /할인|쿠폰|특가|프로모션|(?:할인 ?|이 |아래 |다음 )코드|discount|coupon|voucher|promo|% off|(?:this|the|with|use) code|sponsor|협찬|광고/i;

/** What a closing asks for: `strict` tells a closing from other text, `loose` reads the actions once it is one. */
export const closingVocabulary = {
  like: {
    strict:
      /['‘"“]?좋아요['’"”]?|(?:마음에|맘에) (?:드셨|들었|들면)|하트|hit (?:the )?(?:like|heart)|like button|\blike (?:this|it|the)\b|(?:liked|enjoyed|like) this|tap the heart|leave a like/i,
    loose: /좋아요|하트|\blik(?:e|ed)\b|heart/i,
    label: /^(?:♥|❤|♡)?\s*(?:좋아요|like(?: (?:this|it))?|공감)(?: (?:누르기|하기))?$/i,
  },
  share: {
    strict:
      /공유(?:해|하세요|하기|를|부탁|하고 싶|로)|나눠 ?주|추천해 ?주|전달해 ?주|\bshare (?:this|it|the|with)|\bforward (?:this|it)|\bshar(?:e|ing)\b.{0,40}\b(?:friend|colleague|team|network|someone)/i,
    loose: /공유|나눠|추천해|전달해|\bshar(?:e|ing)\b|\bforward\b/i,
    label:
      /^(?:이? ?(?:글|기사|뉴스레터|소식) )?(?:공유(?:하기)?|share(?: (?:this|it)(?: (?:post|issue|newsletter|article))?)?|친구에게 (?:공유|추천)(?:하기)?)$/i,
  },
  comment: {
    strict:
      /댓글|의견(?:을|도)? ?(?:남|보내|들려|주)|답장(?:을|해|으로)|회신|\b(?:leave|drop|write|post|add) (?:us |me )?(?:a |your )?comments?|comments? below|in the comments|\breply to this|hit reply|\blet (?:us|me) know|tell us/i,
    loose: /댓글|의견|답장|회신|comment|\breply\b|let (?:us|me) know|feedback/i,
    label: /^(?:댓글(?: ?(?:달기|남기기|쓰기))?|의견 (?:남기기|보내기)|(?:leave |write |add )?a? ?comments?)$/i,
  },
  subscribe: {
    strict:
      /구독(?:하세요|해 ?주|하기|해 ?보|을 (?:부탁|권|추천)|신청|하시|하면|하고 싶)|\bsubscribe\b|sign up (?:for|to|now|here)/i,
    loose: /구독|subscrib|sign up/i,
    label:
      /^(?:(?:무료로? |지금 (?:바로 )?)?구독(?:하기| 신청(?:하기)?)?|(?:무료 )?구독 ?신청|subscribe(?: (?:now|here|for free|today))?|sign up(?: now| free| for free)?)$/i,
  },
} as const;

/** The actions in their fixed order. */
export const closingActions = Object.keys(closingVocabulary) as (keyof typeof closingVocabulary)[];

/** Labels of links and what they lead to. */
export const linkVocabulary = {
  paper:
    /^(?:the |full |read (?:the )?)?(?:논문|페이퍼|원문|원 논문|논문 ?(?:원문|링크|보기|읽기|전문)|paper|papers|arxiv|pdf|preprint|프리프린트|publication|article|abs|abstract|초록|openreview|technical report|tech report|기술 ?보고서|보고서|report)(?: ?(?:\(?pdf\)?|link|링크))?$/i,
  code: /^(?:the |source |view |official )?(?:코드|소스|소스 ?코드|깃허브|깃헙|구현|저장소|레포|code|source|github|gitlab|repo|repository|implementation|모델|model|models|weights|가중치|체크포인트|checkpoints?|hugging ?face|허깅페이스|데이터|데이터셋|dataset|datasets?|data)(?: ?(?:link|링크|보기|repo))?$/i,
  project:
    /^(?:the |project )?(?:프로젝트|프로젝트 ?(?:페이지|홈페이지|사이트)|홈페이지|웹사이트|사이트|데모|블로그|블로그 ?글|발표|영상|비디오|슬라이드|project|projects|page|website|homepage|site|demo|blog|blog ?post|post|video|talk|slides|announcement|playground|colab|docs|documentation|문서)(?: ?(?:page|link|링크))?$/i,
} as const;

/** "관련 연구:", "Paper:": what a line with the work's name begins with. */
export const workLabelPattern =
  /^(?:관련 ?(?:연구|논문|작업|자료|링크)|연구|논문|원문|페이퍼|출처|링크|자료|참고 ?(?:자료|논문|문헌)?|프로젝트|코드|데모|작업|대상 ?논문|논문 ?(?:명|제목|정보|링크)|related (?:work|research|paper|links?|study)|(?:the )?papers?|research|works?|study|studies|source|sources|links?|reference|references|resources?|paper (?:title|link)|read(?: more)?|code|project|demo|title|arxiv|github)$/i;

export const linkHosts: { kind: 'paper' | 'code'; pattern: RegExp }[] = [
  {
    kind: 'paper',
    pattern:
      /(?:^|\.)(?:arxiv\.org|openreview\.net|aclanthology\.org|doi\.org|biorxiv\.org|medrxiv\.org|ssrn\.com|nature\.com|science\.org|pnas\.org|ieeexplore\.ieee\.org|dl\.acm\.org|proceedings\.[a-z.]+|openaccess\.thecvf\.com|jmlr\.org|semanticscholar\.org|alphaxiv\.org)$/,
  },
  {
    kind: 'code',
    pattern:
      /(?:^|\.)(?:github\.com|gitlab\.com|huggingface\.co|bitbucket\.org|codeberg\.org|kaggle\.com|zenodo\.org)$/,
  },
];

/** "논문 #4", "위 논문 #4", "4번 논문", "Paper #4". The number is group 1, 2 or 3. */
export const referencePattern =
  /(?:(?:위|앞|앞의|아래|이전|지난|다음)\s?)?논문\s?#\s?(\d{1,3})(?!\d)|#\s?(\d{1,3})\s?번? 논문|(?:\b(?:the )?paper|summary)\s(?:#|no\.?\s)\s?(\d{1,3})(?!\d)/gi;

/** A title's own number: "논문 #3: …", "3. …", "Paper 3 – …", "[3] …". */
export const numberedTitle =
  /^(?:\P{L}{0,4})?(?:(?:논문|연구|페이퍼|paper|study|summary)\s*(?:#|no\.?\s*|제\s*)?\s*(\d{1,3})(?:\s*번)?\s*(?:[.):：\]\-–—|]|$)|[#[(]?(\d{1,3})\s*(?:[.):：\]]|[-–—|]\s|번\s))/iu;
/** The same where the words alone say that it is a paper. */
export const numberedPaper = /^\P{L}{0,4}(?:논문|paper)\s*(?:#|no\.?\s*)?\s*\d{1,3}/iu;

/** Words that the composer itself adds. */
export const ownWords = {
  ko: {
    notes: '각주',
    reader: '독자',
    paper: '논문',
    code: '코드',
    project: '프로젝트',
    other: '링크',
    likedExample: (at: number) => `지난 호에서 ${at}번째로 사랑받은 요약`,
  },
  en: {
    notes: 'Notes',
    reader: 'reader',
    paper: 'Paper',
    code: 'Code',
    project: 'Project',
    other: 'Link',
    likedExample: (at: number) =>
      `The summary of the last issue that came ${['first', 'second', 'third'][at - 1] ?? `no. ${at}`}`,
  },
} as const;

/** Lower case, one space, without leading numbers and emoji, without closing punctuation. */
export function normaliseHeading(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(
      /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Variation_Selector}\p{Join_Control}\p{Me}]/gu,
      match => (/\d|[#*]/.test(match) ? match : ' '),
    )
    .replace(/^[\s\d.)(:#[\]|–—·•-]+(?=\P{N})/u, '')
    .replace(/[\s:：?？!！.,…~()[\]|–—-]+$/u, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a heading announces, if the vocabulary knows it. */
export function headingKind(text: string): HeadingKind | undefined {
  const key = normaliseHeading(text);
  if (key === '') return undefined;
  return headingVocabulary.find(entry => key.length <= entry.maxLength && entry.pattern.test(key))?.kind;
}
