/** /console/manuscripts/new: which publication, and what the text begins with. */

import { z } from 'zod';
import { issueSource } from '../../../db/api-issues.ts';
import { type EarlierIssue, listEarlier, nextNumber } from '../../../db/earlier-issues.ts';
import { findIssue } from '../../../db/issues.ts';
import { insertManuscript } from '../../../db/manuscripts.ts';
import { findPublication, listPublications, type StoredPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import { rowIdText } from '../../row-id.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage, Token } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { titleOf } from './manuscript.ts';
import { startText, textAgain } from './starts.ts';
import { writeWords } from './words.ts';

/** Earlier issues to choose from. */
const offered = 100;

const fields = {
  publication: z.string().min(1).max(100),
  start: z.enum(['guide', 'empty', 'earlier']),
  issue: rowIdText.or(z.literal('')).optional(),
};

export const newRoutes: ConsoleRoute[] = [
  page('/manuscripts/new', 'write', newPage),
  change('/manuscripts/new', 'write', 'manuscript.create', fields, async (c, site, form) => {
    const { sql } = site.wiring;
    const found = await findPublication(sql, form.publication);
    if (!found) throw new BroadsheetError('PUBLICATION_UNKNOWN', `there is no publication ${form.publication}`);
    const number = await nextNumber(sql, found.id);
    const source =
      form.start === 'earlier'
        ? textAgain(await earlierText(site, form.issue), number)
        : startText(form.start, found.publication.language, number);
    const by = c.get('staff').id;
    const id = await insertManuscript(sql, { publicationId: found.id, title: titleOf(source), source, by });
    const detail = { start: form.start, ...(form.start === 'earlier' ? { issue: form.issue } : {}) };
    return { to: `/manuscripts/${id}`, subject: `manuscript ${id}`, detail };
  }),
];

async function earlierText(site: Console, id: string | undefined): Promise<string> {
  const issue = id ? await findIssue(site.wiring.sql, id) : undefined;
  if (!issue) throw new BroadsheetError('ISSUE_UNKNOWN', 'no earlier issue was chosen');
  return issueSource(site.wiring.sql, issue.id);
}

async function newPage(c: ConsoleContext, site: Console) {
  const words = writeWords(c.get('language'));
  const { sql } = site.wiring;
  const [publications, earlier] = await Promise.all([listPublications(sql), listEarlier(sql, offered)]);
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.newIssue} place="issues">
      <h1>{words.newIssue}</h1>
      {publications.length > 0 ? (
        <Form c={c} site={site} publications={publications} earlier={earlier} />
      ) : (
        <div class="sheet empty">
          <h2>{words.noPublicationTitle}</h2>
          <p>{words.noPublicationText}</p>
          {may(c.get('staff'), 'settings') && (
            <p class="after">
              <a class="button w-main" href={`${site.base}/console/settings`}>
                {words.toSettings}
              </a>
            </p>
          )}
        </div>
      )}
    </Desk>,
  );
}

function Form({
  c,
  site,
  publications,
  earlier,
}: {
  c: ConsoleContext;
  site: Console;
  publications: readonly StoredPublication[];
  earlier: readonly EarlierIssue[];
}) {
  const words = writeWords(c.get('language'));
  const only = publications.length === 1 ? publications[0]!.publication : undefined;
  const groups = publications
    .map(({ id, publication }) => ({ publication, issues: earlier.filter(issue => issue.publicationId === id) }))
    .filter(({ issues }) => issues.length > 0);
  const starts = (['guide', 'empty', 'earlier'] as const).filter(start => start !== 'earlier' || groups.length > 0);
  return (
    <form class="form sheet w-new" method="post" action={`${site.base}/console/manuscripts/new`}>
      <Token c={c} site={site} />
      {only ? (
        <p>
          <input type="hidden" name="publication" value={only.slug} />
          {words.publication}: <b>{only.name}</b>
        </p>
      ) : (
        <div class="field">
          <label for="publication">{words.publication}</label>
          <select id="publication" name="publication" required>
            {publications.map(({ publication: { slug, name } }) => (
              <option value={slug}>{name}</option>
            ))}
          </select>
        </div>
      )}
      <fieldset>
        <legend>{words.beginWith}</legend>
        {starts.map((start, index) => (
          <label class="choice">
            <input type="radio" name="start" value={start} checked={index === 0} />
            <span>
              <b>{words.starts[start][0]}</b>
              <small class="quiet">{words.starts[start][1]}</small>
            </span>
          </label>
        ))}
        {groups.length > 0 && (
          <div class="field w-earlier">
            <label for="issue">{words.earlierIssue}</label>
            <select id="issue" name="issue">
              {groups.map(({ publication, issues }) => (
                <optgroup label={publication.name}>
                  {issues.map(({ id, title }) => (
                    <option value={String(id)}>{title}</option>
                  ))}
                </optgroup>
              ))}
            </select>
          </div>
        )}
      </fieldset>
      {groups.length === 0 && <p class="quiet small">{words.noEarlier}</p>}
      <div class="buttons">
        <button class="main" type="submit">
          {words.begin}
        </button>
        <a class="button" href={`${site.base}/console/manuscripts`}>
          {words.back}
        </a>
      </div>
    </form>
  );
}
