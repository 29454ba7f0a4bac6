/** /console/issues/:id/correct: the next revision of an issue, and a mail to those who have an older one. */
import { z } from 'zod';
import { issueSource } from '../../../db/api-issues.ts';
import { insertAudit } from '../../../db/audit.ts';
import { findIssue, type IssueRow } from '../../../db/issues.ts';
import { getPublication } from '../../../db/publications.ts';
import { correctable, listRevisions, type RevisionLine, spreadOf } from '../../../db/revisions.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { Problem } from '../../../model/issue.ts';
import type { Publication } from '../../../model/publication.ts';
import { Icon } from '../../icons.tsx';
import { problemWords } from '../check/problem-words.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { errorText } from '../errors.ts';
import { Desk, Message, refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, idOf, page, posted } from '../routes.ts';
import { sendWords } from '../send/words.ts';
import { timeIn } from '../time.ts';
import { type CorrectionForm, type Outcome, storeCorrection } from './correcting.ts';
import { issueWords } from './words.ts';

/** As compose takes it, in characters. */
const mostText = 1024 * 1024;
const mostErratum = 100_000;

export const canCorrect = ({ kind, state }: Pick<IssueRow, 'kind' | 'state'>): boolean =>
  (kind === 'regular' || kind === 'erratum') && (correctable as readonly string[]).includes(state);

/** Nobody has it yet, or it is an erratum itself: there is nobody to write to. */
const canHaveErratum = ({ kind, state }: Pick<IssueRow, 'kind' | 'state'>): boolean =>
  kind === 'regular' && state !== 'draft' && state !== 'scheduled';

export const correctRoutes: ConsoleRoute[] = [
  page('/issues/:id/correct', 'write', async (c, site) => {
    const issue = await correctableIssue(c, site);
    if (issue instanceof Response) return issue;
    const source = await issueSource(site.wiring.sql, issue.id);
    return show(c, site, issue, { follows: issue.revisionId, source, note: '', erratum: '', seen: false });
  }),
  posted(
    '/issues/:id/correct',
    'write',
    {
      follows: z.coerce.number().int().positive(),
      source: z.string().max(mostText),
      note: z.string().max(1000).default(''),
      erratum: z.string().max(mostErratum).default(''),
      word: z.string().max(40).default(''),
      seen: z.string().max(10).default(''),
    },
    press,
  ),
];

async function correctableIssue(c: ConsoleContext, site: Console): Promise<IssueRow | Response> {
  const id = idOf(c);
  const issue = id === undefined ? undefined : await findIssue(site.wiring.sql, String(id));
  if (!issue) return refusedPage(c, site, c.get('words').missing, 404);
  return canCorrect(issue) ? issue : refusedPage(c, site, issueWords[c.get('language')].correctGone, 409);
}

async function press(
  c: ConsoleContext,
  site: Console,
  { word, seen, ...rest }: Omit<CorrectionForm, 'seen'> & { word: string; seen: string },
): Promise<Response> {
  const issue = await correctableIssue(c, site);
  if (issue instanceof Response) return issue;
  const w = issueWords[c.get('language')];
  const form = { ...rest, seen: seen === '1', erratum: canHaveErratum(issue) ? rest.erratum : '' };
  if (form.erratum.trim() !== '' && word.trim().toLowerCase() !== w.erratumWord)
    return show(c, site, issue, form, { words: w.erratumWrong(w.erratumWord) });
  const publication = await getPublication(site.wiring.sql, issue.publicationId);
  let outcome: Outcome;
  try {
    outcome = await storeCorrection(site.wiring, issue, publication, form);
  } catch (error) {
    if (!(error instanceof BroadsheetError)) throw error;
    // What was typed stays.
    const words = error.code === 'ISSUE_UNCHANGED' ? w.unchanged : errorText(error, c.get('language'));
    return show(c, site, issue, form, { words });
  }
  if ('refused' in outcome) return show(c, site, issue, form, wrongOf(c, issue, outcome));
  const { revision, erratum } = outcome.stored;
  await insertAudit(site.wiring.sql, c.get('staff'), {
    act: 'issue.correct',
    subject: `issue ${issue.id}`,
    detail: { revision, erratum: erratum?.id ?? null },
  });
  return c.redirect(`${site.base}/console/issues/${issue.id}?said=corrected`, 303);
}

interface Wrong {
  words: string;
  problems?: Problem[];
  /** Warnings: they may be read and passed. */
  isPassable?: boolean;
}

function wrongOf(
  c: ConsoleContext,
  issue: IssueRow,
  { refused, problems, slug }: Extract<Outcome, { refused: string }>,
): Wrong {
  const language = c.get('language');
  const w = issueWords[language];
  switch (refused) {
    case 'text':
      return { words: w.refusedText, problems };
    case 'erratum':
      return { words: w.refusedErratum, problems };
    case 'warnings':
      return { words: sendWords[language].warnings(problems.length), problems, isPassable: true };
    case 'revision':
      return { words: w.otherRevision };
    case 'slug':
      return { words: w.slugOther(slug ?? '', issue.slug) };
    case 'note':
      return { words: w.noteHint };
  }
}

async function show(c: ConsoleContext, site: Console, issue: IssueRow, form: CorrectionForm, wrong?: Wrong) {
  const language = c.get('language');
  const w = issueWords[language];
  const here = `${site.base}/console/issues/${issue.id}`;
  const [spread, revisions, publication] = await Promise.all([
    spreadOf(site.wiring.sql, issue.id),
    listRevisions(site.wiring.sql, issue.id),
    getPublication(site.wiring.sql, issue.publicationId),
  ]);
  const number = (n: number) => n.toLocaleString(language);
  const have = revisions.reduce((sum, one) => sum + one.readers, 0);
  return sendPage(
    c,
    <Desk c={c} site={site} title={`${w.correctTitle}: ${issue.title}`} place="issues">
      <p class="small">
        <a href={here} class="send-back">
          <Icon name="back" /> <bdi>{issue.title}</bdi>
        </a>
      </p>
      <h1>{w.correctTitle}</h1>
      <p class="under">
        {[
          w.correctWeb,
          ...(spread.unsent > 0 ? [w.correctUnsent(number(spread.unsent))] : []),
          ...(have > 0 ? [w.correctHave(number(have))] : []),
        ].join(' ')}
      </p>
      {wrong && <Message>{wrong.words}</Message>}
      {wrong?.problems && <Problems c={c} problems={wrong.problems} />}
      <form method="post" action={`${here}/correct`} class="form issue-correct">
        <Token c={c} site={site} />
        <input type="hidden" name="follows" value={String(form.follows)} />
        <div class="field wide">
          <label for="correct-source">{w.text}</label>
          <textarea id="correct-source" name="source" rows={22} spellcheck={true} required class="issue-text">
            {`\n${form.source}`}
          </textarea>
        </div>
        <div class="field">
          <label for="correct-note">{w.note}</label>
          <input id="correct-note" name="note" value={form.note} maxlength={300} aria-describedby="correct-note-hint" />
          <p id="correct-note-hint" class="hint">
            {w.noteHint}
          </p>
        </div>
        {canHaveErratum(issue) && <Erratum c={c} form={form} />}
        {wrong?.isPassable && (
          <label class="choice">
            <input type="checkbox" name="seen" value="1" required />
            <span>{w.warningsSeen}</span>
          </label>
        )}
        <div class="buttons">
          <button type="submit" class="main">
            {w.correctDo}
          </button>
          <a class="button" href={here}>
            {c.get('words').keep}
          </a>
        </div>
      </form>
      <Revisions c={c} revisions={revisions} publication={publication} />
    </Desk>,
    wrong ? 409 : 200,
  );
}

/** An erratum goes to people: a word of its own is asked for. */
function Erratum({ c, form }: { c: ConsoleContext; form: CorrectionForm }) {
  const w = issueWords[c.get('language')];
  return (
    <details class="sheet issue-erratum" open={form.erratum !== ''}>
      <summary>{w.erratum}</summary>
      <div class="field wide">
        <label for="correct-erratum" class="hidden">
          {w.erratum}
        </label>
        <textarea
          id="correct-erratum"
          name="erratum"
          rows={8}
          maxlength={mostErratum}
          class="issue-text"
          aria-describedby="correct-erratum-hint"
        >
          {`\n${form.erratum}`}
        </textarea>
        <p id="correct-erratum-hint" class="hint">
          {w.erratumHint}
        </p>
      </div>
      <div class="field">
        <label for="correct-word">
          {w.confirmErratum}: {w.erratumWord}
        </label>
        <input id="correct-word" name="word" maxlength={40} autocomplete="off" />
      </div>
    </details>
  );
}

function Problems({ c, problems }: { c: ConsoleContext; problems: readonly Problem[] }) {
  const words = sendWords[c.get('language')];
  return (
    <div class="send-findings part">
      <ul>
        {problems
          .slice(0, 50)
          .map(found => ({ ...found, ...problemWords(found, c.get('language')) }))
          .map(one => (
            <li class={one.severity}>
              <Icon name="alert" />
              <span>
                <strong>{words[one.severity]}</strong>
                {one.line > 0 && ` · ${words.line(one.line)}`}: {one.message} <span class="quiet">{one.help}</span>
              </span>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Nothing for an issue that was never corrected. */
export function Revisions({
  c,
  revisions,
  publication,
}: {
  c: ConsoleContext;
  revisions: readonly RevisionLine[];
  publication: Publication;
}) {
  const language = c.get('language');
  const w = issueWords[language];
  if (revisions.length < 2) return null;
  return (
    <section class="part">
      <h2>{w.revisions}</h2>
      <ol class="lines">
        {revisions.map(({ number, createdAt, note, readers }) => (
          <li>
            <strong>{w.revision(number)}</strong> ·{' '}
            <time datetime={createdAt.toISOString()}>
              {timeIn(createdAt, language, publication.timeZone, { dateStyle: 'medium', timeStyle: 'short' })}
            </time>{' '}
            {publication.timeZone} · {w.revisionReaders(readers.toLocaleString(language))}
            {note && (
              <>
                {' '}
                · <bdi>{note}</bdi>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
