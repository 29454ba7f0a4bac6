/** A page of comments with their answers, as everyone or as one reader sees it. */
import type { CommentRow, ThreadPage } from '../../../db/comments.ts';
import { dayIn } from '../../../model/day.ts';
import type { Publication } from '../../../model/publication.ts';
import { longDate } from '../../../render/dates.ts';
import type { Language } from '../words.ts';
import { Markdown } from './markdown.tsx';
import { reactionWords } from './words.ts';

export interface ThreadProps {
  page: ThreadPage;
  publication: Publication;
  lang: Language;
  /** Says of each comment which summary it is about. */
  labelled: boolean;
  /** Undefined: nobody in particular, who can do nothing here. */
  reader?:
    | { id: number; canWrite: boolean; href: (what: 'answer' | 'edit' | 'remove', id: number) => string }
    | undefined;
}

export function Thread(props: ThreadProps) {
  const { page, lang } = props;
  if (page.comments.length === 0) return <p class="quiet">{reactionWords[lang].comments.none}</p>;
  return (
    <ol class="thread">
      {page.comments.map(comment => (
        <li id={`c${comment.id}`}>
          <Comment comment={comment} {...props} />
          {page.answers.has(comment.id) && (
            <ol class="thread">
              {page.answers.get(comment.id)!.map(answer => (
                <li id={`c${answer.id}`}>
                  <Comment comment={answer} {...props} />
                </li>
              ))}
            </ol>
          )}
        </li>
      ))}
    </ol>
  );
}

function Comment({ comment, ...props }: ThreadProps & { comment: CommentRow }) {
  const { publication, lang, labelled, reader } = props;
  const text = reactionWords[lang].comments;
  if (comment.state === 'deleted') return <p class="quiet">{text.deleted}</p>;
  const isOwn = reader !== undefined && comment.subscriberId === reader.id;
  const date = longDate(
    dayIn(publication.timeZone, comment.createdAt),
    { language: lang, timeZone: publication.timeZone },
    false,
  );
  return (
    <>
      <p class="by">
        <span class="who" lang={publication.language}>
          {comment.author}
        </span>
        <time class="quiet" datetime={comment.createdAt.toISOString()}>
          {date}
        </time>
        {comment.editedAt && <span class="quiet">{text.edited}</span>}
        {isOwn && <span class="tag">{text.you}</span>}
        {labelled && comment.summary > 0 && comment.parentId === null && (
          <span class="tag">{text.about(comment.summary)}</span>
        )}
      </p>
      {comment.state === 'pending' && <p class="quiet">{text.waiting}</p>}
      <div class="words" lang={publication.language}>
        <Markdown text={comment.body} />
      </div>
      {reader && <Acts comment={comment} reader={reader} isOwn={isOwn} lang={lang} />}
    </>
  );
}

function Acts({
  comment,
  reader,
  isOwn,
  lang,
}: {
  comment: CommentRow;
  reader: NonNullable<ThreadProps['reader']>;
  isOwn: boolean;
  lang: Language;
}) {
  const text = reactionWords[lang].comments;
  const { id, author } = comment;
  const link = (what: 'answer' | 'edit' | 'remove', label: string) => (
    <a href={reader.href(what, id)} aria-label={`${label}: ${author}`}>
      {label}
    </a>
  );
  const canAnswer = reader.canWrite && comment.parentId === null && comment.state === 'published';
  if (!canAnswer && !isOwn) return null;
  return (
    <p class="acts">
      {canAnswer && link('answer', text.answer)}
      {isOwn && reader.canWrite && comment.isFresh && link('edit', text.edit)}
      {isOwn && link('remove', text.remove)}
    </p>
  );
}
