/** What a file's page shows in each state: columns and proof, progress, results. */

import { type ImportCounts, type ImportJob, isUndoable } from '../../../db/imports.ts';
import { type ImportLayout, plainRoles } from '../../../model/import.ts';
import type { Publication } from '../../../model/publication.ts';
import { fileEncodings } from '../../../subscribers/import-file.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Message, Token } from '../layout.tsx';
import { Reason } from '../reason.tsx';
import { numeric, Table } from '../table.tsx';
import { ProofFields } from './add.tsx';
import { numberIn, textOf } from './frame.tsx';

interface PanelProps {
  c: ConsoleContext;
  site: Console;
  job: ImportJob;
  publication: Publication;
  /** The first rows of the file as they will be read. */
  rows: string[][];
  refusals: { line: number; reason: string; cells: string[] }[];
}

export function ImportPanel(props: PanelProps) {
  const { c, site, job } = props;
  const here = `${site.base}/console/readers/imports/${job.id}`;
  const isWorked = ['checking', 'queued', 'running', 'undoing'].includes(job.state);
  const poll = isWorked ? { 'hx-get': here, 'hx-trigger': 'every 1s', 'hx-swap': 'outerHTML' } : {};
  return (
    <div id="import" aria-live="polite" {...poll}>
      {isWorked && <Progress {...props} here={here} />}
      {job.state === 'uploaded' && job.layout && <Columns {...props} layout={job.layout} here={here} />}
      {job.state === 'checked' && <Checked {...props} here={here} />}
      {(job.state === 'done' || job.state === 'undone' || job.state === 'cancelled') && <Done {...props} here={here} />}
      {job.state === 'failed' && (
        <Message>
          {textOf(c).failedWhy}: <Reason language={c.get('language')} reason={job.reason ?? ''} />
        </Message>
      )}
      {(job.state === 'uploading' || job.state === 'failed') && (
        <p class="quiet">{textOf(c).importStates[job.state]}</p>
      )}
    </div>
  );
}

function Press({
  c,
  site,
  to,
  label,
  main,
  quiet,
}: {
  c: ConsoleContext;
  site: Console;
  to: string;
  label: string;
  main?: boolean;
  quiet?: string;
}) {
  return (
    <form method="post" action={to}>
      <Token c={c} site={site} />
      <button type="submit" class={main ? 'main' : undefined} title={quiet}>
        {label}
      </button>
    </form>
  );
}

function Progress({ c, site, job, here }: PanelProps & { here: string }) {
  const text = textOf(c);
  const share = job.share / 1_000_000;
  return (
    <section class="part">
      <h2>{text.importStates[job.state]}</h2>
      <svg class="progress" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="accepted" x="0" y="0" width={String(100 * share)} height="4" />
      </svg>
      <p class="quiet under">
        {share.toLocaleString(c.get('language'), { style: 'percent' })} · {text.rowsRead(numberIn(c, job.records))}
      </p>
      {job.isStill && <Message>{text.still}</Message>}
      <Counts c={c} counts={job.counts} />
      {job.state !== 'undoing' && (
        <div class="buttons under">
          <Press c={c} site={site} to={`${here}/cancel`} label={text.cancelImport} />
        </div>
      )}
    </section>
  );
}

function Columns({
  c,
  site,
  job,
  publication,
  rows,
  layout,
  here,
}: PanelProps & { layout: ImportLayout; here: string }) {
  const text = textOf(c);
  const roles: (readonly [string, string])[] = [
    ['', text.ignore],
    ['email', text.asEmail],
    ['name', text.asName],
    ['lastName', text.asLast],
    ['firstName', text.asFirst],
    ['timeZone', text.asZone],
    ...Object.keys(publication.fields).map(field => [`field:${field}`, text.field(field)] as const),
  ];
  return (
    <>
      <form method="post" action={`${here}/encoding`} class="readers-encoding">
        <Token c={c} site={site} />
        <div class="field">
          <label for="encoding">{text.encoding}</label>
          <select id="encoding" name="encoding">
            {[...new Set([job.encoding ?? 'UTF-8', ...fileEncodings])].map(one => (
              <option value={one} selected={one === job.encoding}>
                {one}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">{text.encodingChange}</button>
        <p class="quiet small">{text.encodingHint}</p>
      </form>
      <form method="post" action={`${here}/check`} class="form">
        <Token c={c} site={site} />
        <section class="part">
          <h2>
            {text.columns} <span class="quiet">· {text.columnsHint}</span>
          </h2>
          <section class="sheet scroll readers-preview" aria-label={text.columns} tabindex={0}>
            <table>
              <thead>
                <tr>
                  {layout.headers.map((header, at) => (
                    <th scope="col">
                      <bdi>{header}</bdi>
                      <select name={`c${at}`} aria-label={header}>
                        {roles.map(([value, shown]) => (
                          <option value={value} selected={value === roleOf(layout, at)}>
                            {shown}
                          </option>
                        ))}
                      </select>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(cells => (
                  <tr>
                    {cells.map(cell => (
                      <td>
                        <bdi>{cell}</bdi>
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </section>
        <section class="part">
          <h2>{text.proof}</h2>
          <p class="quiet readers-lead">{text.proofText}</p>
          <ProofFields c={c} required given={job.consent ?? undefined} />
        </section>
        <div class="field">
          <label for="tags">{text.tagsForAll}</label>
          <input id="tags" name="tags" value={job.tags.join(', ')} maxlength={2000} autocomplete="off" />
          <p class="hint">{text.tagsHint}</p>
        </div>
        <div class="buttons">
          <button type="submit" class="main">
            {text.check}
          </button>
        </div>
      </form>
      <div class="buttons under">
        <Press c={c} site={site} to={`${here}/cancel`} label={text.cancelImport} />
      </div>
    </>
  );
}

function roleOf(layout: ImportLayout, at: number): string {
  for (const role of plainRoles) if (layout[role] === at) return role;
  const attribute = layout.attributes.find(one => one.index === at);
  return attribute ? `field:${attribute.field}` : '';
}

function Counts({ c, counts }: { c: ConsoleContext; counts: Partial<ImportCounts> }) {
  const text = textOf(c);
  const names = Object.keys(text.counts) as (keyof ImportCounts)[];
  return (
    <dl class="counts">
      {names.map(name => (
        <div class={name === 'added' ? 'accepted' : name === 'refused' ? 'refused' : undefined}>
          <dt>{text.counts[name]}</dt>
          <dd>{numberIn(c, counts[name] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Refusals({ c, refusals, counts, here }: PanelProps & { counts: Partial<ImportCounts>; here: string }) {
  const text = textOf(c);
  if (refusals.length === 0) return null;
  return (
    <section class="part">
      <div class="readers-bar">
        <h2>
          {text.refusals}{' '}
          <span class="quiet">· {text.of(numberIn(c, refusals.length), numberIn(c, counts.refused ?? 0))}</span>
        </h2>
        <a class="button" href={`${here}/refused`} download>
          <Icon name="download" />
          {text.downloadRefusals}
        </a>
      </div>
      <Table name={text.refusals} columns={[numeric(text.line), text.reason, text.row]}>
        {refusals.map(({ line, reason, cells }) => (
          <tr>
            <td class="number">{numberIn(c, line)}</td>
            <td>
              <Reason language={c.get('language')} reason={reason} />
            </td>
            <td>
              <bdi>{cells.join(' · ').slice(0, 200)}</bdi>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Checked(props: PanelProps & { here: string }) {
  const { c, site, job, here } = props;
  const text = textOf(c);
  const counts = job.checked ?? {};
  const isWorth =
    (counts as Partial<ImportCounts>).added || (counts as Partial<ImportCounts>).updated || job.tags.length > 0;
  return (
    <>
      <section class="part">
        <h2>
          {text.checkResult} <span class="quiet">· {text.checkNote}</span>
        </h2>
        <Counts c={c} counts={counts} />
      </section>
      <div class="buttons after">
        {isWorth && (
          <Press
            c={c}
            site={site}
            to={`${here}/run`}
            main
            label={
              (job.checked?.added ?? 0) > 0 ? text.bringIn(numberIn(c, job.checked?.added ?? 0)) : text.bringUpdates
            }
          />
        )}
        <Press c={c} site={site} to={`${here}/change`} label={text.checkAgain} />
        <Press c={c} site={site} to={`${here}/cancel`} label={text.cancelImport} />
      </div>
      <Refusals {...props} counts={counts} here={here} />
    </>
  );
}

function Done(props: PanelProps & { here: string }) {
  const { c, site, job, here } = props;
  const text = textOf(c);
  return (
    <>
      <section class="part">
        <h2>
          {text.runResult} <span class="quiet">· {text.importStates[job.state]}</span>
        </h2>
        <Counts c={c} counts={job.counts} />
        {job.state === 'undone' && (
          <p>{text.undone(numberIn(c, job.counts.undone ?? 0), numberIn(c, job.counts.kept ?? 0))}</p>
        )}
      </section>
      {isUndoable(job) && (job.counts.added ?? 0) > 0 && (
        <section class="part">
          <p class="quiet readers-lead">{text.undoHint}</p>
          <div class="buttons under">
            <Press c={c} site={site} to={`${here}/undo`} label={text.undoImport} />
          </div>
        </section>
      )}
      <Refusals {...props} counts={job.counts} here={here} />
    </>
  );
}
