/** `/r/:token/comment`: the thread of an issue with a reader's own form. GET changes nothing; the form names what to do. */
import type { Context } from 'hono';
import {
  addComment,
  type CommentRow,
  deleteComment,
  editComment,
  findComment,
  findCommenter,
  readThread,
} from '../../../db/comments.ts';
import { readForm } from '../../form.ts';
import { Act, Icon, sendPage } from '../page.tsx';
import { backTo, type OpenLink, openLink, type Site } from '../reader.ts';
import { CommentForm, type Draft } from './comment-form.tsx';
import { cleanDisplayName, cleanText, defaultName, judgeText } from './comment-text.ts';
import { afterOf } from './comments-page.tsx';
import { issuePaths, summaryNumber } from './place.ts';
import { reactionsStyle } from './style.ts';
import { Thread } from './thread.tsx';
import { type ReactionWords, reactionWords } from './words.ts';

type Problem = keyof ReactionWords['comments']['problems'];
type Done = keyof ReactionWords['comments']['done'];

/** The link, its reader, and what they may do. */
interface Here {
  c: Context;
  site: Site;
  link: OpenLink & { subscriber: NonNullable<OpenLink['subscriber']> };
  displayName: string | null;
  canWrite: boolean;
  summaries: readonly { number: number; title: string }[];
}

async function open(c: Context, site: Site): Promise<Here | undefined> {
  const link = await openLink(c, site, 'comment');
  if (!link?.subscriber) return undefined;
  const { subscriber, subscription, publicationId, publication } = link;
  const [commenter, summaries] = await Promise.all([
    findCommenter(site.sql, publicationId, subscriber.id),
    site.contents.summaries(link.issue.id),
  ]);
  const isReader = ['active', 'paused'].includes(subscription?.state ?? '') && !link.suppressed;
  return {
    c,
    site,
    link: { ...link, subscriber },
    displayName: commenter?.displayName ?? null,
    // An issue that is not in the archive, such as a test mail's, has no place where comments could stand.
    canWrite: isReader && link.issue.published && publication.comments !== 'off',
    summaries,
  };
}

/** GET `/r/:token/comment`, with `?answer=`, `?edit=` or `?remove=` a comment. */
export async function commentPage(c: Context, site: Site) {
  const here = await open(c, site);
  if (!here) return c.notFound();
  const asked = await askedComment(here);
  if (asked?.what === 'remove') return removePage(here, asked.comment);
  const draft: Draft = {
    body: asked?.what === 'edit' ? asked.comment.body : '',
    summary: here.link.token.ref,
    answers: asked?.what === 'answer' ? asked.comment : undefined,
    edits: asked?.what === 'edit' ? asked.comment : undefined,
    name:
      here.displayName ??
      defaultName(here.link.subscriber.name, reactionWords[here.link.publication.language].comments.reader),
  };
  return answer(here, draft);
}

/** The comment that the address names, when this reader may do that with it. */
async function askedComment({ c, site, link, canWrite }: Here) {
  for (const what of ['answer', 'edit', 'remove'] as const) {
    const id = c.req.query(what) ?? '';
    if (!/^\d{1,15}$/.test(id)) continue;
    const comment = await findComment(site.sql, link.issue.id, Number(id));
    if (!comment || comment.state === 'deleted') return undefined;
    const isOwn = comment.subscriberId === link.subscriber.id;
    const may = {
      answer: canWrite && comment.state === 'published' && comment.parentId === null,
      edit: canWrite && isOwn && comment.isFresh,
      remove: isOwn,
    };
    return may[what] ? { what, comment } : undefined;
  }
  return undefined;
}

/** POST `/r/:token/comment`. */
export async function pressComment(c: Context, site: Site) {
  const here = await open(c, site);
  if (!here) return c.notFound();
  const form = await readForm(c);
  // A field that nobody sees: whoever filled it in is told what a person would be, and nothing is written.
  if (form.website) return backTo(c, 'comment', { done: 'held' });
  switch (form.action) {
    case 'add':
      return add(here, form);
    case 'edit':
      return edit(here, form);
    case 'remove': {
      const { link } = here;
      const gone = await deleteComment(site.sql, link.issue.id, idOf(form.id), link.subscriber.id);
      return backTo(c, 'comment', gone ? { done: 'deleted' } : {});
    }
    default:
      return backTo(c, 'comment');
  }
}

/** 0, which no row has, for what is no id. */
function idOf(text: string | undefined): number {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
}

async function add(here: Here, form: Record<string, string>) {
  const { c, site, link, canWrite, summaries } = here;
  const { publication } = link;
  const parent = form.parent ? await findComment(site.sql, link.issue.id, idOf(form.parent)) : undefined;
  const wanted = summaryNumber(form.summary) ?? 0;
  const summary = summaries.some(one => one.number === wanted) ? wanted : 0;
  const body = cleanText(form.body ?? '');
  const draft: Draft = { body, summary, answers: parent, edits: undefined, name: (form.name ?? '').slice(0, 100) };
  if (!canWrite) return answer(here, draft, 'gone');
  const judged = judgeText(body, publication.commentBlocklist);
  if ('problem' in judged) return answer(here, draft, judged.problem);
  const author = cleanDisplayName(form.name ?? here.displayName ?? '', [publication.name, publication.from.name]);
  if (author === undefined) return answer(here, draft, 'name');
  const added = await addComment(site.sql, {
    publicationId: link.publicationId,
    issueId: link.issue.id,
    summary,
    subscriberId: link.subscriber.id,
    parentId: form.parent ? idOf(form.parent) : undefined,
    author,
    body,
    held: judged.held || publication.comments === 'moderated',
  });
  if (typeof added === 'string') return answer(here, draft, added);
  site.log.info({ comment: added.id, state: added.state }, 'comment written');
  return done(c, added.state === 'pending' ? 'held' : 'posted', added.id);
}

async function edit(here: Here, form: Record<string, string>) {
  const { c, site, link, canWrite } = here;
  const comment = await findComment(site.sql, link.issue.id, idOf(form.id));
  if (!canWrite || comment?.subscriberId !== link.subscriber.id || comment.state === 'deleted')
    return backTo(c, 'comment');
  const body = cleanText(form.body ?? '');
  const draft: Draft = { body, summary: comment.summary, answers: undefined, edits: comment, name: comment.author };
  const judged = judgeText(body, link.publication.commentBlocklist);
  if ('problem' in judged) return answer(here, draft, judged.problem);
  const state = await editComment(site.sql, {
    issueId: link.issue.id,
    id: comment.id,
    subscriberId: link.subscriber.id,
    body,
    held: judged.held,
  });
  if (state === undefined) return answer(here, draft, comment.isFresh ? 'repeated' : 'late');
  return done(c, state === 'pending' ? 'held' : 'edited', comment.id);
}

function done(c: Context, what: Done, id: number): Response {
  const answer = backTo(c, 'comment', { done: what });
  answer.headers.set('location', `${answer.headers.get('location')}#c${id}`);
  return answer;
}

/** The thread with the form. @param problem why what was sent was not taken */
async function answer(here: Here, draft: Draft, problem?: Problem) {
  const { c, site, link, canWrite, summaries } = here;
  const { lang, publication, issue, subscriber } = link;
  const text = reactionWords[lang].comments;
  const page = await readThread(site.sql, issue.id, { reader: subscriber.id, after: afterOf(c) });
  const query = (more: Record<string, string>) =>
    `?${new URLSearchParams({ ...more, ...(lang === publication.language ? {} : { lang }) })}`;
  const told = Object.keys(text.done).find(one => one === c.req.query('done')) as Done | undefined;
  const reader = {
    id: subscriber.id,
    canWrite,
    href: (what: 'answer' | 'edit' | 'remove', id: number) =>
      query({ [what]: String(id) }) + (what === 'remove' ? '' : '#write'),
  };
  const title = text.title;
  const content = (
    <>
      {told && !problem && (
        <p class="notice" role="status">
          <Icon name="check" />
          {text.done[told]}
        </p>
      )}
      <h1>{title}</h1>
      <p class="about" lang={publication.language}>
        {issue.published ? (
          <a href={issuePaths(site.base, publication, issue.slug, lang).text()}>{issue.title}</a>
        ) : (
          issue.title
        )}
      </p>
      <Thread page={page} publication={publication} lang={lang} labelled reader={reader} />
      {page.next !== undefined && (
        <p>
          <a href={query({ after: String(page.next) })}>{text.more}</a>
        </p>
      )}
      {canWrite ? (
        <CommentForm
          draft={draft}
          summaries={summaries}
          lang={lang}
          isFirst={here.displayName === null}
          isHeld={here.displayName === null || publication.comments === 'moderated'}
          cancel={`comment${lang === publication.language ? '' : `?lang=${lang}`}`}
          action={`comment${lang === publication.language ? '' : `?lang=${lang}`}`}
          problem={problem && text.problems[problem]}
        />
      ) : (
        <p class="notice">{publication.comments === 'off' ? text.off : text.notReader}</p>
      )}
    </>
  );
  const status = problem ? (problem === 'often' ? 429 : 422) : 200;
  return sendPage(c, { ...link.frame, title, status, extra: { css: reactionsStyle } }, content);
}

function removePage({ c, link }: Here, comment: CommentRow) {
  const { lang, publication } = link;
  const text = reactionWords[lang].comments;
  const content = (
    <div class="sheet">
      <h1>{text.askRemove}</h1>
      <p class="about" lang={publication.language}>
        {[...comment.body].slice(0, 200).join('')}
      </p>
      <p class="quiet">{text.removeHint}</p>
      <Act action="remove" more={{ id: String(comment.id) }}>
        {text.remove}
      </Act>
      <p class="quiet">
        <a href={lang === publication.language ? 'comment' : `comment?lang=${lang}`}>{text.keep}</a>
      </p>
    </div>
  );
  return sendPage(c, { ...link.frame, title: text.askRemove, query: { remove: String(comment.id) } }, content);
}
