/** /console/readers/segments: the list of a publication's segments, and what can be done with each. */
import { z } from 'zod';
import {
  deletedSegments,
  deleteSegment,
  findSegment,
  listSegments,
  putSegment,
  reviveSegment,
  type SegmentRow,
} from '../../../db/api-segments.ts';
import type { StoredPublication } from '../../../db/publications.ts';
import type { SegmentRule } from '../../../model/segment.ts';
import { cleanText } from '../../../subscribers/csv/rows.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage, sendPart, Token, wantsPart } from '../layout.tsx';
import { may } from '../may.ts';
import { type ConsoleRoute, change, form, page } from '../routes.ts';
import { problem, publicationsOf, sendReaders, textOf } from './frame.tsx';
import { emptyCondition, formOf, mostConditions, type RuleForm, readRuleForm, ruleOf } from './rule-form.ts';
import { issuesToName, SegmentForm } from './segment-form.tsx';
import { sentenceOf } from './sentence.ts';

const conditionFields = Object.fromEntries(
  Array.from({ length: mostConditions }).flatMap((_, at) =>
    ['kind', 'not', 'field', 'op', 'value'].map(name => [`c${at}_${name}`, z.string().max(2000).optional()]),
  ),
) as Record<string, z.ZodOptional<z.ZodString>>;

const path = '/readers/segments/:publication';

export const segmentRoutes: ConsoleRoute[] = [
  page('/readers/segments', 'readers', showList),
  page(`${path}/new`, 'readers', (c, site) =>
    withPublication(c, site, stored =>
      showForm(c, site, { stored, name: '', form: { match: 'all', conditions: [{ ...emptyCondition }] } }),
    ),
  ),
  page(`${path}/:segment`, 'readers', (c, site) =>
    withPublication(c, site, async stored => {
      const row = await findSegment(site.wiring.sql, stored.id, c.req.param('segment') ?? '');
      if (!row) return refusedPage(c, site, textOf(c).problem.gone, 404);
      return showForm(c, site, { stored, name: row.name, form: formOf(row.rule), row });
    }),
  ),
  // Another condition, one less, another kind of one: the form comes back, with whom it holds now. Nothing is stored.
  form(`${path}/look`, 'readers', (c, site, fields) =>
    withPublication(c, site, async stored => {
      const row = fields.slug ? await findSegment(site.wiring.sql, stored.id, fields.slug) : undefined;
      const shown = { stored, name: (fields.name ?? '').slice(0, 200), form: readRuleForm(fields), row };
      if (!wantsPart(c)) return showForm(c, site, shown);
      return sendPart(
        c,
        <SegmentForm c={c} site={site} {...shown} issues={await issuesToName(site.wiring.sql, stored.id)} />,
      );
    }),
  ),
  change(
    `${path}/save`,
    'readers',
    'segment.save',
    {
      name: z.string().max(1000),
      slug: z.string().max(100).optional(),
      match: z.string().max(10).optional(),
      ...conditionFields,
    },
    async (c, site, form) => {
      const stored = await publicationHere(c, site);
      if (!stored) throw problem(c, 'gone');
      const { sql } = site.wiring;
      const name = cleanText(form.name).slice(0, 200);
      const old = form.slug ? await findSegment(sql, stored.id, form.slug) : undefined;
      if (form.slug && !old) throw problem(c, 'gone');
      // What the form cannot show, it must not replace.
      const rule: SegmentRule | undefined = old && !formOf(old.rule) ? old.rule : ruleOf(readRuleForm(form));
      if (!name || !rule) throw problem(c, 'segment');
      const slug = old?.slug ?? (await freeSlug(site, stored, name));
      if (!(await putSegment(sql, stored.id, { slug, name, rule }))) throw problem(c, 'segments');
      const subject = `segment ${stored.publication.slug}/${slug}`;
      return { to: `/readers/segments/${stored.publication.slug}/${slug}`, said: 'segment', subject };
    },
  ),
  ...(['delete', 'back'] as const).map(act =>
    change(`${path}/:segment/${act}`, 'readers', `segment.${act}`, {}, async (c, site) => {
      const stored = await publicationHere(c, site);
      const slug = c.req.param('segment') ?? '';
      const move = act === 'delete' ? deleteSegment : reviveSegment;
      if (!stored || !(await move(site.wiring.sql, stored.id, slug))) throw problem(c, 'gone');
      const subject = `segment ${stored.publication.slug}/${slug}`;
      return { to: '/readers/segments', said: act === 'delete' ? 'segmentDeleted' : 'segmentBack', subject };
    }),
  ),
];

async function publicationHere(c: ConsoleContext, site: Console): Promise<StoredPublication | undefined> {
  const slug = c.req.param('publication');
  return (await publicationsOf(site)).find(one => one.publication.slug === slug);
}

async function withPublication(
  c: ConsoleContext,
  site: Console,
  then: (stored: StoredPublication) => Promise<Response>,
): Promise<Response> {
  const stored = await publicationHere(c, site);
  return stored ? then(stored) : refusedPage(c, site, textOf(c).problem.gone, 404);
}

/** Of the letters that a URL holds; a Korean name becomes `segment`, with a number where that is taken. */
async function freeSlug(site: Console, { id }: StoredPublication, name: string): Promise<string> {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 30)
      .replace(/-$/, '') || 'segment';
  const taken = new Set([
    ...['new', 'look', 'save'],
    ...(await listSegments(site.wiring.sql, id)).map(one => one.slug),
    ...(await deletedSegments(site.wiring.sql, id)).map(one => one.slug),
  ]);
  if (!taken.has(base)) return base;
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

interface Shown {
  stored: StoredPublication;
  name: string;
  /** Undefined: deeper than the form. */
  form: RuleForm | undefined;
  row?: SegmentRow | undefined;
}

async function showForm(c: ConsoleContext, site: Console, shown: Shown) {
  const text = textOf(c);
  const issues = await issuesToName(site.wiring.sql, shown.stored.id);
  return sendReaders(
    c,
    site,
    { title: shown.row?.name ?? text.newSegment, at: 'segments' },
    <>
      <p class="quiet readers-lead">
        {shown.stored.publication.name} · {text.segmentsText}
      </p>
      <SegmentForm c={c} site={site} {...shown} issues={issues} />
    </>,
  );
}

async function showList(c: ConsoleContext, site: Console) {
  const text = textOf(c);
  const publications = await publicationsOf(site);
  const lists = await Promise.all(
    publications.map(async stored => ({
      stored,
      rows: await listSegments(site.wiring.sql, stored.id),
      deleted: await deletedSegments(site.wiring.sql, stored.id),
      issues: await issuesToName(site.wiring.sql, stored.id),
    })),
  );
  return sendReaders(
    c,
    site,
    { title: text.tabs.segments, at: 'segments' },
    <>
      <p class="quiet readers-lead">{text.segmentsText}</p>
      {lists.map(({ stored, rows, deleted, issues }) => (
        <section class="part">
          <div class="readers-bar">
            <h2>{stored.publication.name}</h2>
            <a class="button" href={`${site.base}/console/readers/segments/${stored.publication.slug}/new`}>
              <Icon name="add" />
              {text.newSegment}
            </a>
          </div>
          {rows.length === 0 && (
            <div class="sheet empty">
              <h2>{text.noSegments}</h2>
              <p>{text.noSegmentsText}</p>
            </div>
          )}
          {rows.map(row => (
            <Line c={c} site={site} stored={stored} row={row} issues={issues} />
          ))}
          {deleted.length > 0 && <Deleted c={c} site={site} stored={stored} rows={deleted} />}
        </section>
      ))}
    </>,
  );
}

function Line(props: {
  c: ConsoleContext;
  site: Console;
  stored: StoredPublication;
  row: SegmentRow;
  issues: ReadonlyMap<number, string>;
}) {
  const { c, site, stored, row, issues } = props;
  const text = textOf(c);
  const here = `${site.base}/console/readers/segments/${stored.publication.slug}/${row.slug}`;
  return (
    <div class="sheet readers-standing">
      <div>
        <a href={here}>
          <strong>
            <bdi>{row.name}</bdi>
          </strong>
        </a>
        <p class="quiet">
          <bdi>{sentenceOf(row.rule, c.get('language'), issues)}</bdi>
        </p>
      </div>
      <div class="buttons">
        {may(c.get('staff'), 'export') && (
          <form method="post" action={`${here}/export`}>
            <Token c={c} site={site} />
            <button type="submit">
              <Icon name="download" />
              {text.exportSegment}
            </button>
          </form>
        )}
        <form method="post" action={`${here}/delete`}>
          <Token c={c} site={site} />
          <button type="submit">
            <Icon name="trash" />
            {text.deleteSegment}
          </button>
        </form>
      </div>
    </div>
  );
}

function Deleted({
  c,
  site,
  stored,
  rows,
}: {
  c: ConsoleContext;
  site: Console;
  stored: StoredPublication;
  rows: SegmentRow[];
}) {
  const text = textOf(c);
  return (
    <details class="readers-deleted" open>
      <summary class="quiet">{text.deleted}</summary>
      <ul class="lines">
        {rows.map(row => (
          <li class="readers-bar">
            <bdi>{row.name}</bdi>
            <form
              method="post"
              action={`${site.base}/console/readers/segments/${stored.publication.slug}/${row.slug}/back`}
            >
              <Token c={c} site={site} />
              <button type="submit">{text.putBack}</button>
            </form>
          </li>
        ))}
      </ul>
    </details>
  );
}
