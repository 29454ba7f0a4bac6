/** What the page of readers' comments says, in both languages; complete by type. */
import type { Language } from '../../language.ts';

const en = {
  title: 'Comments',
  show: 'Which ones',
  states: { pending: 'Waiting', published: 'Public', hidden: 'Hidden' },
  none: { pending: 'No comment waits', published: 'No public comment yet', hidden: 'No hidden comment' },
  noneText:
    'Comments that wait for a decision come here: first ones of a reader, ones with many links, and ones with a word of the block list.',
  publish: 'Let it through',
  hide: 'Hide',
  summaryN: (n: number) => `summary ${n}`,
  gone: 'This comment is so already, or was deleted by its writer',
  older: 'Older',
  said: {
    published: 'The comment is public.',
    hidden: 'The comment is hidden, and its writer’s next ones wait.',
  } as Record<string, string>,
};

const ko: typeof en = {
  title: '댓글',
  show: '보기',
  states: { pending: '기다리는 댓글', published: '공개', hidden: '숨김' },
  none: {
    pending: '기다리는 댓글이 없어요',
    published: '공개한 댓글이 아직 없어요',
    hidden: '숨긴 댓글이 없어요',
  },
  noneText: '결정을 기다리는 댓글이 여기로 와요. 독자의 첫 댓글, 링크가 많은 댓글, 막아 둔 말이 든 댓글이에요.',
  publish: '공개하기',
  hide: '숨기기',
  summaryN: n => `요약 ${n}`,
  gone: '이미 그렇게 되었거나 글쓴이가 지운 댓글이에요',
  older: '더 예전',
  said: {
    published: '댓글을 공개했어요.',
    hidden: '댓글을 숨겼어요. 글쓴이의 다음 댓글은 기다리게 돼요.',
  },
};

export const commentsWords: Record<Language, typeof en> = { en, ko };
