/** GET of the pictures that a shared link shows: of a publication, an issue, a summary. */
import type { Context } from 'hono';
import { getRevisionText } from '../../../db/archive.ts';
import { findPublication } from '../../../db/publications.ts';
import { findPublished, type PublishedIssue } from '../../../db/readers.ts';
import { Memo } from '../../../memo.ts';
import { summaryNumbers } from '../../../model/edition.ts';
import type { Publication } from '../../../model/publication.ts';
import { longDate } from '../../../render/dates.ts';
import type { Site } from '../reader.ts';
import { type Language, words } from '../words.ts';
import { answerCached, type Cacheable, cacheable } from './caching.ts';
import { type Card, cardSvg } from './card.ts';
import { Painter } from './painter.ts';
import { archiveWords } from './words.ts';

/** Pictures of some 40 KB. */
const kept = 200;
const keptMs = 24 * 3_600_000;
/** A correction shows after an hour at most. */
const maxAge = 3600;
const retrySeconds = 5;

export class Cards {
  readonly #site: Site;
  readonly #painter: Painter;
  /** By what is drawn: a corrected title is another picture. */
  readonly #memo = new Memo<string, Cacheable>(kept, keptMs);
  readonly #known = new Memo<string, Card | undefined>(kept * 5, 60_000);

  constructor(site: Site, painter = new Painter()) {
    this.#site = site;
    this.#painter = painter;
  }

  /** GET `/p/:slug/card.png`. */
  async ofPublication(c: Context): Promise<Response> {
    const stored = await findPublication(this.#site.sql, c.req.param('slug') ?? '');
    if (!stored) return c.notFound();
    const { name, brand, description, language } = stored.publication;
    const card = { publication: name, accent: brand.accent, line: '', title: name, below: description };
    return this.#answer(c, card, language);
  }

  /** GET `/p/:slug/:issue/card.png` and `/p/:slug/:issue/:summary/card.png`. */
  async ofIssue(c: Context): Promise<Response> {
    const { sql } = this.#site;
    const stored = await findPublication(sql, c.req.param('slug') ?? '');
    const row = stored && (await findPublished(sql, stored.id, c.req.param('issue') ?? ''));
    if (!row) return c.notFound();
    const asked = c.req.param('summary');
    const number = asked === undefined ? undefined : Number(asked);
    const { publication } = stored;
    const card = await this.#known.get(`${row.revisionId} ${number}`, () => this.#cardOf(publication, row, number));
    return card ? this.#answer(c, card, publication.language) : c.notFound();
  }

  async #cardOf(publication: Publication, row: PublishedIssue, number: number | undefined): Promise<Card | undefined> {
    const { language, timeZone, name, brand, description } = publication;
    const date = longDate(row.date, { language, timeZone }, false);
    const line = [row.number && words[language].issueNumber(row.number), date].filter(Boolean).join(' · ');
    const card = { publication: name, accent: brand.accent, line };
    if (number === undefined) return { ...card, title: row.title, below: description };
    const { issue, summaries } = await getRevisionText(this.#site.sql, row.revisionId);
    const summary = [...summaryNumbers(issue, summaries)].find(([, one]) => one === number)?.[0];
    return summary && { ...card, title: summary.title, number: summary.number, below: summary.work };
  }

  async #answer(c: Context, card: Card, lang: Language): Promise<Response> {
    const svg = cardSvg(card);
    if (!this.#memo.has(svg) && this.#painter.isBusy) {
      c.header('retry-after', String(retrySeconds));
      return c.text(archiveWords[lang].busy, 503);
    }
    const answer = await this.#memo.get(svg, async () =>
      cacheable(await this.#painter.paint(svg), {
        'content-type': 'image/png',
        // Shown on other sites: that is what it is for.
        'cross-origin-resource-policy': 'cross-origin',
      }),
    );
    return answerCached(c, answer, maxAge);
  }
}
