/** /console/manuscripts: the texts that are being written; thrown away with a way back. */
import { z } from 'zod';
import { listManuscripts, type ManuscriptLine, throwAway } from '../../../db/manuscripts.ts';
import { listPublications } from '../../../db/publications.ts';
import { BroadsheetError } from '../../../errors.ts';
import type { Publication } from '../../../model/publication.ts';
import { Icon } from '../../icons.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { Desk, sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, page } from '../routes.ts';
import { timeIn } from '../time.ts';
import { requireManuscript } from './manuscript.ts';
import { writeWords } from './words.ts';

const shown = 100;

export const listRoutes: ConsoleRoute[] = [
  page('/manuscripts', 'write', listPage),
  change('/manuscripts/:id/away', 'write', 'manuscript.throw-away', {}, async (c, site) => {
    const { id } = await requireManuscript(c, site);
    await moved(site, id, true);
    return { to: `/manuscripts?away=${id}`, subject: `manuscript ${id}` };
  }),
  change('/manuscripts/:id/back', 'write', 'manuscript.take-back', {}, async (c, site) => {
    const { id } = await requireManuscript(c, site);
    await moved(site, id, false);
    return { to: `/manuscripts/${id}`, said: 'back', subject: `manuscript ${id}` };
  }),
];

async function moved(site: Console, id: number, away: boolean): Promise<void> {
  if (!(await throwAway(site.wiring.sql, id, away)))
    throw new BroadsheetError('MANUSCRIPT_UNKNOWN', away ? 'it cannot be thrown away' : 'it cannot be taken back');
}

async function listPage(c: ConsoleContext, site: Console) {
  const words = writeWords(c.get('language'));
  const [lines, publications] = await Promise.all([
    listManuscripts(site.wiring.sql, shown),
    listPublications(site.wiring.sql),
  ]);
  const byId = new Map(publications.map(({ id, publication }) => [id, publication]));
  const away = z
    .string()
    .regex(/^\d{1,15}$/)
    .safeParse(c.req.query('away'));
  return sendPage(
    c,
    <Desk c={c} site={site} title={words.title} place="issues">
      <div class="head">
        <h1>{words.title}</h1>
        <a class="button" href={`${site.base}/console`}>
          {words.sentIssues}
        </a>
        <a class="button w-main" href={`${site.base}/console/manuscripts/new`}>
          <Icon name="add" />
          {words.newIssue}
        </a>
      </div>
      {away.success && <Thrown c={c} site={site} id={away.data} />}
      {lines.length > 0 && <p class="quiet w-hint">{words.listHint}</p>}
      <div class="sheet w-list">
        {lines.length > 0 ? (
          <ul>
            {lines.map(line => (
              <Line c={c} site={site} line={line} publication={byId.get(line.publicationId)} />
            ))}
          </ul>
        ) : (
          <div class="empty">
            <h2>{words.emptyTitle}</h2>
            <p>{words.emptyText}</p>
            <p class="after">
              <a class="button w-main" href={`${site.base}/console/manuscripts/new`}>
                <Icon name="add" />
                {words.newIssue}
              </a>
            </p>
          </div>
        )}
      </div>
      {lines.length === shown && <p class="quiet small after">{words.more(shown)}</p>}
    </Desk>,
  );
}

function Thrown({ c, site, id }: { c: ConsoleContext; site: Console; id: string }) {
  const words = writeWords(c.get('language'));
  return (
    <form class="said w-thrown" method="post" action={`${site.base}/console/manuscripts/${id}/back`}>
      <Token c={c} site={site} />
      <span role="status">{words.thrown}</span>
      <button type="submit">{words.takeBack}</button>
    </form>
  );
}

function Line({
  c,
  site,
  line,
  publication,
}: {
  c: ConsoleContext;
  site: Console;
  line: ManuscriptLine;
  publication: Publication | undefined;
}) {
  const words = writeWords(c.get('language'));
  const title = line.title || words.untitled;
  const when = timeIn(line.updatedAt, c.get('language'), publication?.timeZone ?? 'UTC', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
  return (
    <li>
      <a class="w-line" href={`${site.base}/console/manuscripts/${line.id}`}>
        <b class={line.title ? undefined : 'quiet'}>
          <bdi>{title}</bdi>
        </b>
        <small>
          <bdi>{publication?.name}</bdi> · <time datetime={line.updatedAt.toISOString()}>{when}</time> ·{' '}
          <bdi>{words.by(line.updatedBy ?? words.nobody)}</bdi>
        </small>
      </a>
      <form method="post" action={`${site.base}/console/manuscripts/${line.id}/away`}>
        <Token c={c} site={site} />
        <button class="w-quiet" type="submit" aria-label={`${words.throwAway}: ${title}`} title={words.throwAway}>
          <Icon name="trash" />
        </button>
      </form>
    </li>
  );
}
