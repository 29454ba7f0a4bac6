/** /console/comments: what readers wrote and waits for a decision, and what was decided. No address is shown. */

import { decideComments, listComments, type ModeratedComment } from '../../../db/comments.ts';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { PageRefusal } from '../errors.ts';
import { Desk, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { When } from '../staff/frame.tsx';
import { commentsWords } from './words.ts';

const states = ['pending', 'published', 'hidden'] as const;
type Shown = (typeof states)[number];
const shown = 30;

export const commentRoutes: ConsoleRoute[] = [
  page('/comments', 'write', commentsPage),
  decide('publish', 'published'),
  decide('hide', 'hidden'),
];

function decide(name: 'publish' | 'hide', state: 'published' | 'hidden'): ConsoleRoute {
  return change(`/comments/${name}`, 'write', `comment.${name}`, { id: rowIdText }, async (c, site, { id }) => {
    const changed = await decideComments(site.wiring.sql, [Number(id)], state);
    if (changed.length === 0) throw new PageRefusal(commentsWords[c.get('language')].gone);
    return { to: '/comments', said: state, subject: `comment ${id}` };
  });
}

async function commentsPage(c: ConsoleContext, site: Console) {
  const words = commentsWords[c.get('language')];
  const state = states.find(each => each === c.req.query('state')) ?? 'pending';
  const before = rowIdText.safeParse(c.req.query('before')).data;
  const comments = await listComments(site.wiring.sql, {
    state,
    limit: shown + 1,
    ...(before ? { before: Number(before) } : {}),
  });
  const lines = comments.slice(0, shown);
  const here = `${site.base}/console/comments`;
  const said = c.req.query('said') ?? '';
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.title} place="comments">
      <div class="head">
        <h1>{words.title}</h1>
      </div>
      {Object.hasOwn(words.said, said) && (
        <p class="said staff-said" role="status">
          {words.said[said]}
        </p>
      )}
      <nav class="tabs" aria-label={words.show}>
        {states.map(each => (
          <a href={`${here}?state=${each}`} aria-current={each === state ? 'page' : undefined}>
            {words.states[each]}
          </a>
        ))}
      </nav>
      {lines.length === 0 ? (
        <div class="sheet empty after">
          <h2>{words.none[state]}</h2>
          {state === 'pending' && <p>{words.noneText}</p>}
        </div>
      ) : (
        <ol class="comments after">
          {lines.map(comment => (
            <Comment c={c} site={site} comment={comment} state={state} />
          ))}
        </ol>
      )}
      {comments.length > shown && (
        <p class="after">
          <a class="button" href={`${here}?state=${state}&before=${lines.at(-1)!.id}`}>
            {words.older}
          </a>
        </p>
      )}
    </Desk>,
  );
}

function Comment(props: { c: ConsoleContext; site: Console; comment: ModeratedComment; state: Shown }) {
  const { c, site, comment, state } = props;
  const words = commentsWords[c.get('language')];
  const press = (name: 'publish' | 'hide', isMain: boolean) => (
    <form method="post" action={`${site.base}/console/comments/${name}`}>
      <Token c={c} site={site} />
      <input type="hidden" name="id" value={String(comment.id)} />
      <button type="submit" class={isMain ? 'main' : undefined}>
        {words[name]}
      </button>
    </form>
  );
  return (
    <li class="sheet">
      <p>
        <strong>
          <bdi>{comment.author}</bdi>
        </strong>{' '}
        <span class="quiet small">
          {comment.publication} / {comment.issue}
          {comment.summary > 0 && ` · ${words.summaryN(comment.summary)}`} · <When c={c} at={comment.createdAt} />
        </span>
      </p>
      <p class="comments-words" dir="auto">
        {comment.body}
      </p>
      <div class="buttons">
        {state !== 'published' && press('publish', state === 'pending')}
        {state !== 'hidden' && press('hide', false)}
      </div>
    </li>
  );
}
