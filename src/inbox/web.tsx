/** The inbox's web pages: for this machine only, and safe to open whatever was mailed. */
import type { Context } from 'hono';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { pickLanguage } from '../http/language.ts';
import { frameDocument, framePolicy } from './frame.ts';
import { iconSvg, Layout, type View } from './layout.tsx';
import { ListPage } from './list-page.tsx';
import { type Mail, parseMail } from './mail.ts';
import { MailPage, mailViews } from './mail-page.tsx';
import type { MailEntry, MailStore } from './store.ts';
import { listScript, style } from './style.ts';
import { wordsOf } from './words.ts';

const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Opened mails that stay parsed: a page, its frame and its attachments ask for the same one. */
const openMails = 8;

interface OpenMail {
  entry: MailEntry;
  source: Buffer;
  mail: Mail;
}

/**
 * @param hosts values of the Host header that are ours: a foreign name that resolves to this machine must not read mails
 * @param smtpUrl where mails are taken, for the page to say
 */
export function inboxWeb(store: MailStore, hosts: ReadonlySet<string>, smtpUrl: string): Hono {
  const app = new Hono();
  const openMail = mailOpener(store);
  app.use(async (c, next) => {
    if (!hosts.has(c.req.header('host') ?? '')) return c.text('This inbox answers only on its own address.', 421);
    await next();
    // Any other program on this machine may listen on another port: its pages neither frame nor read this one.
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'same-origin');
    c.header('cross-origin-resource-policy', 'same-origin');
    c.header('x-dns-prefetch-control', 'off');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', pagePolicy);
  });
  app.get('/', c => {
    const query = (c.req.query('q') ?? '').slice(0, 200);
    const state = {
      query,
      page: Number(c.req.query('page')) || 1,
      matching: store.search(query),
      total: store.count,
      smtpUrl,
      version: store.version,
    };
    return page(c, <ListPage view={viewOf(c)} state={state} />);
  });
  app.get('/version', c => c.text(store.version));
  app.get('/style.css', c => asset(c, style, 'text/css'));
  app.get('/list.js', c => asset(c, listScript, 'text/javascript'));
  app.get('/icon.svg', c => asset(c, iconSvg, 'image/svg+xml'));
  app.post('/delete', async c => {
    if (!sameOrigin(c)) return c.text('Only this inbox itself may delete its mails.', 403);
    await store.clear();
    return c.redirect('/', 303);
  });
  mailRoutes(app, store, openMail);
  app.notFound(c => gone(c));
  return app;
}

function mailRoutes(app: Hono, store: MailStore, openMail: (id: string) => Promise<OpenMail | undefined>): void {
  app.get('/mail/:id', async c => {
    const opened = await openMail(c.req.param('id'));
    if (!opened) return gone(c);
    // The parts that a mail has come first: one without HTML opens with its text.
    const fallback = opened.mail.html === undefined ? 'text' : 'html';
    const state = {
      ...opened,
      ...options(c),
      ...store.neighbours(opened.entry.id),
      shown: mailViews.find(name => name === c.req.query('view')) ?? fallback,
      width: c.req.query('width') === '390' ? (390 as const) : (700 as const),
    };
    return page(c, <MailPage view={viewOf(c)} state={state} />);
  });
  app.get('/mail/:id/html', async c => {
    const opened = await openMail(c.req.param('id'));
    if (!opened) return gone(c);
    c.header('content-security-policy', framePolicy(options(c)));
    return c.html(frameDocument(opened.mail, options(c)));
  });
  app.get('/mail/:id/source.eml', async c => {
    const source = await store.source(c.req.param('id'));
    return source ? download(c, source, `${c.req.param('id')}.eml`, 'message/rfc822') : gone(c);
  });
  app.get('/mail/:id/attachment/:index', async c => {
    const part = (await openMail(c.req.param('id')))?.mail.attachments[Number(c.req.param('index'))];
    // Never under the sender's own type: it would be the sender's page on our origin.
    return part ? download(c, part.content, part.name, 'application/octet-stream') : gone(c);
  });
}

function mailOpener(store: MailStore): (id: string) => Promise<OpenMail | undefined> {
  const cache = new Map<string, OpenMail>();
  return async id => {
    const entry = store.get(id);
    if (!entry) {
      cache.delete(id);
      return undefined;
    }
    const cached = cache.get(id);
    if (cached) return cached;
    const source = await store.source(id);
    if (!source) return undefined;
    const opened = { entry, source, mail: await parseMail(source) };
    cache.set(id, opened);
    if (cache.size > openMails) cache.delete(cache.keys().next().value!);
    return opened;
  };
}

function options(c: Context): { scheme: 'light' | 'dark'; remoteImages: boolean } {
  return { scheme: c.req.query('scheme') === 'dark' ? 'dark' : 'light', remoteImages: c.req.query('images') === '1' };
}

function viewOf(c: Context): View {
  const language = pickLanguage(c);
  return { language, words: wordsOf(language), url: new URL(c.req.url) };
}

function page(c: Context, content: Child) {
  return c.html(html`<!doctype html>${content}`);
}

function gone(c: Context) {
  const view = viewOf(c);
  c.status(404);
  return page(
    c,
    <Layout view={view} title={view.words.gone}>
      <div class="sheet empty">
        <h2>{view.words.gone}</h2>
        <p>{view.words.goneText}</p>
        <p>
          <a href="/">{view.words.back}</a>
        </p>
      </div>
    </Layout>,
  );
}

function asset(c: Context, content: string, type: string) {
  c.header('cache-control', 'max-age=31536000, immutable');
  c.header('content-type', `${type}; charset=utf-8`);
  return c.body(content);
}

/** @param name as the sender wrote it: quoted for RFC 6266, so that no character of it ends the header */
function download(c: Context, content: Buffer, name: string, type: string) {
  const plain = name.replace(/[^\w. -]/g, '_').slice(0, 100);
  const encoded = encodeURIComponent(Buffer.from(name.slice(0, 200)).toString()).replace(
    /['()*]/g,
    mark => `%${mark.charCodeAt(0).toString(16)}`,
  );
  c.header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`);
  c.header('content-type', type);
  return c.body(new Uint8Array(content));
}

/** Browsers say where a change comes from; what does not say is refused. */
function sameOrigin(c: Context): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  return c.req.header('origin') === new URL(c.req.url).origin;
}
