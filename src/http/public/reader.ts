/** From a token in the path to the reader it was made for. */
import type { Context } from 'hono';
import { type Addressee, findAddressee, findReader, type ReaderLink } from '../../db/readers.ts';
import type { LetterPurpose } from '../../model/purposes.ts';
import { IssueContents } from '../../track/contents.ts';
import type { Purpose, TokenContent } from '../../track/tokens.ts';
import type { Wiring } from '../../wiring.ts';
import { askedLanguage, type PageOptions } from './page.tsx';
import type { Language } from './words.ts';

/** What the public routes are handed. */
export interface Site extends Pick<Wiring, 'config' | 'log' | 'sql' | 'queues' | 'tokens' | 'hasher'> {
  contents: IssueContents;
  /** Path of PUBLIC_URL, without a trailing slash. */
  base: string;
}

export function openSite(wiring: Wiring): Site {
  return { ...wiring, contents: new IssueContents(wiring.sql), base: sitePath(wiring.config.publicUrl) };
}

/** The path that the site lives under, '' at the root of its host. */
export function sitePath(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '');
}

interface Opened {
  token: TokenContent;
  lang: Language;
  /** The frame of a page about this publication. */
  frame: Omit<PageOptions, 'title'>;
}

export type OpenLink = ReaderLink & Opened;
/** @public */
export type OpenLetterLink = Addressee & Opened;

/**
 * @returns undefined for anything that is not a link of ours for this purpose; the caller answers 404, the same for every reason
 */
export async function openLink(c: Context, site: Site, purpose: Purpose): Promise<OpenLink | undefined> {
  const token = verifyFor(c, site, purpose);
  if (!token) return undefined;
  const reader = await findReader(site.sql, token.issueId, token.subscriberId);
  if (!reader) return undefined;
  return { ...reader, ...opened(c, site, token, reader) };
}

/** As `openLink`, of a link in a letter. @public */
export async function openLetterLink(
  c: Context,
  site: Site,
  purpose: LetterPurpose,
): Promise<OpenLetterLink | undefined> {
  const token = verifyFor(c, site, purpose);
  const addressee = token && (await findAddressee(site.sql, token.issueId, token.subscriberId));
  return addressee && { ...addressee, ...opened(c, site, token, addressee) };
}

function opened(c: Context, site: Site, token: TokenContent, { publication, subscription }: Addressee): Opened {
  const lang = askedLanguage(c) ?? subscription?.lang ?? publication.language;
  return { token, lang, frame: { lang, base: site.base, publication } };
}

/** The token in the path when it is ours and made for this purpose. */
export function verifyFor(c: Context, site: Site, purpose: Purpose): TokenContent | undefined {
  const token = site.tokens.verify(c.req.param('token') ?? '');
  return token?.purpose === purpose ? token : undefined;
}

/** Post/Redirect/Get on the same page, relative so that it works below any path. @param part id of the section to come back to */
export function backTo(c: Context, page: string, query: Record<string, string> = {}, part = ''): Response {
  const lang = askedLanguage(c);
  const search = new URLSearchParams({ ...query, ...(lang ? { lang } : {}) }).toString();
  return c.redirect(`${page}${search && `?${search}`}${part && `#${part}`}`, 303);
}
