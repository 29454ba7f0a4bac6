/** /console/staff/audit: who did what, newest first, in pages; the same as CSV. */

import { z } from 'zod';
import { type Audited, type AuditFilter, auditChoices, searchAudit } from '../../../db/audit.ts';
import { csvLine } from '../../../subscribers/csv-line.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPage } from '../layout.tsx';
import { type ConsoleRoute, page } from '../routes.ts';
import { Settings } from '../settings/frame.tsx';
import { Table } from '../table.tsx';
import { When } from './frame.tsx';
import { staffWords } from './words.ts';

const shown = 50;
/** Lines of one CSV: what is older is reached by its filter. */
const mostLines = 10_000;

export const auditRoutes: ConsoleRoute[] = [
  page('/staff/audit', 'staff', auditPage),
  page('/staff/audit.csv', 'staff', auditCsv),
];

const query = z.object({
  by: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  act: z.string().max(60).optional(),
  subject: z.string().max(300).optional(),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

/** What cannot be a filter filters nothing. */
function filterOf(c: ConsoleContext): AuditFilter {
  const given = Object.fromEntries(
    Object.entries(c.req.query()).flatMap(([name, value]) => {
      const text = value.replaceAll('\0', '').trim();
      return text === '' ? [] : [[name, text]];
    }),
  );
  return query.safeParse(given).data ?? {};
}

function withFilter(filter: AuditFilter): string {
  const given = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length > 0 ? `?${new URLSearchParams(given as [string, string][])}` : '';
}

async function auditPage(c: ConsoleContext, site: Console) {
  const words = staffWords(c);
  const filter = filterOf(c);
  const { sql } = site.wiring;
  const entries = await searchAudit(sql, filter, shown + 1);
  const choices = await auditChoices(sql);
  const lines = entries.slice(0, shown);
  const here = `${site.base}/console/staff/audit`;
  const older = entries.length > shown ? `${here}${withFilter({ ...filter, before: lines.at(-1)!.id })}` : undefined;
  const { before, ...whole } = filter;
  return sendPage(
    c,
    <Settings
      c={c}
      site={site}
      tab="audit"
      title={words.audit}
      beside={
        <a class="button" href={`${here}.csv${withFilter(whole)}`}>
          CSV
        </a>
      }
    >
      <Filter c={c} action={here} filter={filter} choices={choices} />
      {lines.length > 0 ? (
        <Entries c={c} lines={lines} here={here} />
      ) : (
        <div class="sheet empty after">
          <h2>{words.auditNone}</h2>
          <p>{words.auditNoneText}</p>
        </div>
      )}
      <p class="buttons after">
        {before !== undefined && (
          <a class="button" href={here + withFilter(whole)}>
            {words.newest}
          </a>
        )}
        {older && (
          <a class="button" href={older}>
            {words.older}
          </a>
        )}
      </p>
    </Settings>,
  );
}

function Filter(props: {
  c: ConsoleContext;
  action: string;
  filter: AuditFilter;
  choices: Awaited<ReturnType<typeof auditChoices>>;
}) {
  const { c, action, filter, choices } = props;
  const words = staffWords(c);
  return (
    <form method="get" action={action} class="staff-filter">
      <div class="field">
        <label for="by">{words.who}</label>
        <select id="by" name="by">
          <option value="">{words.everybody}</option>
          {choices.people.map(({ id, email }) => (
            <option value={String(id)} selected={id === filter.by}>
              {email}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="act">{words.what}</label>
        <select id="act" name="act">
          <option value="">{words.everything}</option>
          {choices.acts.map(act => (
            <option value={act} selected={act === filter.act}>
              {actName(c, act)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="subject">{words.toWhat}</label>
        <input
          id="subject"
          name="subject"
          maxlength={300}
          value={filter.subject ?? ''}
          placeholder={words.toWhatExample}
        />
      </div>
      <button type="submit">{words.filter}</button>
    </form>
  );
}

/** In words where this console has some; else the act's own name. */
function actName(c: ConsoleContext, act: string): string {
  const { acts } = staffWords(c);
  return Object.hasOwn(acts, act) ? acts[act]! : act;
}

function Entries({ c, lines, here }: { c: ConsoleContext; lines: readonly Audited[]; here: string }) {
  const words = staffWords(c);
  return (
    <Table
      box="sheet after"
      name={words.audit}
      columns={[c.get('words').when, words.who, words.what, words.toWhat, words.detail]}
      kind="stack staff-table staff-audit"
    >
      {lines.map(line => (
        <tr>
          <td class="staff-when">
            <When c={c} at={line.at} />
          </td>
          <td data-label={words.who}>
            <bdi>{line.email}</bdi>
          </td>
          <td data-label={words.what}>{actName(c, line.act)}</td>
          <td data-label={words.toWhat}>
            <a href={`${here}?subject=${encodeURIComponent(line.subject)}`}>
              <bdi>{line.subject}</bdi>
            </a>
          </td>
          <td data-label={words.detail}>{line.detail && <Detail detail={line.detail} words={words.detail} />}</td>
        </tr>
      ))}
    </Table>
  );
}

const shortDetail = 90;

/** Short ones stand in the line; long ones open. */
function Detail({ detail, words }: { detail: Record<string, unknown>; words: string }) {
  const line = Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  if (line.length <= shortDetail) return <span class="quiet">{line}</span>;
  return (
    <details>
      <summary>{words}</summary>
      <pre>{JSON.stringify(detail, null, 2).slice(0, 10_000)}</pre>
    </details>
  );
}

async function auditCsv(c: ConsoleContext, site: Console): Promise<Response> {
  const { before: _, ...filter } = filterOf(c);
  const rows: string[] = [csvLine(['at', 'who', 'act', 'subject', 'detail'])];
  let before: number | undefined;
  while (rows.length <= mostLines) {
    const lines = await searchAudit(site.wiring.sql, { ...filter, before }, 1000);
    for (const { at, email, act, subject, detail } of lines)
      rows.push(csvLine([at.toISOString(), email, act, subject, detail ? JSON.stringify(detail) : '']));
    if (lines.length < 1000) break;
    before = lines.at(-1)!.id;
  }
  c.header('content-disposition', 'attachment; filename="audit.csv"');
  // With a byte order mark spreadsheets read Korean as what it is.
  return c.body(`\ufeff${rows.join('')}`, 200, { 'content-type': 'text/csv; charset=utf-8' });
}
