/** /console/manuscripts/:id/history: how the text stood before, what changed since, and the way back. */
import { raw } from 'hono/html';
import {
  findVersion,
  listVersions,
  type Manuscript,
  type ManuscriptVersion,
  saveManuscript,
} from '../../../db/manuscripts.ts';
import { getPublication } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { styleNonce } from '../guard.ts';
import { Desk, refusedPage, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { timeIn } from '../time.ts';
import { isOpen, manuscriptOf, requireManuscript, titleOf, versionSchema } from './manuscript.ts';
import { writeWords } from './words.ts';

export const historyRoutes: ConsoleRoute[] = [
  page('/manuscripts/:id/history', 'write', historyPage),
  change(
    '/manuscripts/:id/restore',
    'write',
    'manuscript.restore',
    { version: versionSchema, now: versionSchema },
    async (c, site, { version, now }) => {
      const { id } = await requireManuscript(c, site);
      const source = await findVersion(site.wiring.sql, id, version);
      if (source === undefined) throw new BroadsheetError('MANUSCRIPT_UNKNOWN', `there is no version ${version}`);
      const by = c.get('staff').id;
      const saved = await saveManuscript(site.wiring.sql, id, {
        version: now,
        title: titleOf(source),
        source,
        by,
        keep: true,
      });
      if (saved === undefined) throw new BroadsheetError('MANUSCRIPT_CHANGED', 'the text is no longer the one you saw');
      return { to: `/manuscripts/${id}`, said: 'restored', subject: `manuscript ${id}`, detail: { version } };
    },
  ),
];

/** JSON that stands inside a `<script>` of data: nothing in it can end that. */
export const scriptJson = (value: unknown) => raw(JSON.stringify(value).replaceAll('<', '\\u003c'));

async function historyPage(c: ConsoleContext, site: Console) {
  const words = writeWords(c.get('language'));
  const manuscript = await manuscriptOf(c, site);
  if (!manuscript) return refusedPage(c, site, words.missing, 404);
  const [versions, { timeZone }] = await Promise.all([
    listVersions(site.wiring.sql, manuscript.id),
    getPublication(site.wiring.sql, manuscript.publicationId),
  ]);
  const asked = versionSchema.safeParse(c.req.query('version'));
  const shown = versions.find(({ version }) => version === asked.data) ?? versions[1] ?? versions[0];
  const old = shown && (await findVersion(site.wiring.sql, manuscript.id, shown.version));
  const nonce = styleNonce(c);
  const time = (at: Date) => timeIn(at, c.get('language'), timeZone, { dateStyle: 'medium', timeStyle: 'short' });
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.history} place="issues" scripts={['history']} wide>
      <div class="head">
        <h1>
          {words.history}: <bdi>{manuscript.title || words.untitled}</bdi>
        </h1>
        <a class="button" href={`${site.base}/console/manuscripts/${manuscript.id}`}>
          {words.toText}
        </a>
      </div>
      <p class="quiet small w-hint">{words.historyHint}</p>
      <div class="w-history">
        <nav aria-label={words.versions} class="sheet">
          <ol>
            {versions.map(entry => (
              <li>
                <a
                  href={`${site.base}/console/manuscripts/${manuscript.id}/history?version=${entry.version}`}
                  aria-current={entry.version === shown?.version ? 'true' : undefined}
                >
                  <b>
                    {words.version(entry.version)}
                    {entry.version === manuscript.version && <span class="tag">{words.now}</span>}
                  </b>
                  <small>
                    <time datetime={entry.at.toISOString()}>{time(entry.at)}</time> ·{' '}
                    <bdi>{entry.by ?? words.nobody}</bdi>
                  </small>
                  <small>{words.characters(entry.length.toLocaleString(c.get('language')))}</small>
                </a>
              </li>
            ))}
          </ol>
        </nav>
        {shown && old !== undefined && <Version c={c} site={site} manuscript={manuscript} shown={shown} old={old} />}
      </div>
      <script type="application/json" id="history">
        {scriptJson({
          old: old ?? '',
          now: manuscript.source,
          nonce,
          label: shown && words.changesSince(shown.version),
        })}
      </script>
    </Desk>,
  );
}

function Version({
  c,
  site,
  manuscript,
  shown,
  old,
}: {
  c: ConsoleContext;
  site: Console;
  manuscript: Manuscript;
  shown: ManuscriptVersion;
  old: string;
}) {
  const words = writeWords(c.get('language'));
  const isNow = shown.version === manuscript.version;
  return (
    <section class="w-version" aria-labelledby="w-version">
      <h2 id="w-version">{isNow ? words.sameAsNow : words.changesSince(shown.version)}</h2>
      {!isNow && isOpen(manuscript) && (
        <form method="post" action={`${site.base}/console/manuscripts/${manuscript.id}/restore`}>
          <Token c={c} site={site} />
          <input type="hidden" name="version" value={String(shown.version)} />
          <input type="hidden" name="now" value={String(manuscript.version)} />
          <button type="submit">
            <Icon name="history" />
            {words.restore}
          </button>
          <span class="quiet small">{words.restoreHint}</span>
        </form>
      )}
      <div id="diff" class="sheet" />
      <details open={isNow}>
        <summary>{words.oldText(shown.version)}</summary>
        <pre class="w-plain sheet">{old}</pre>
      </details>
    </section>
  );
}
