/** The routes of signing up. GET and HEAD change nothing. */
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { findPublication } from '../../../db/publications.ts';
import { clientIp } from '../../client-ip.ts';
import { readForm } from '../../form.ts';
import { askedLanguage } from '../page.tsx';
import { parseReferral } from '../reactions/referral.ts';
import type { Site } from '../reader.ts';
import { asset } from './assets.ts';
import { confirmPage, pressConfirm } from './confirm.tsx';
import { consentPage, pressConsent } from './consent.tsx';
import { embedScript } from './embed.ts';
import { embedPage } from './embed-page.tsx';
import { signUpPath } from './form.tsx';
import { type Entry, Judge, type Verdict } from './judge.ts';
import { closedPage, formPage, fullPage, type Here, hintPage, proofPage, sentPage } from './pages.tsx';
import { signUpWords } from './words.ts';

/** Minutes for which a browser keeps the embedded script. */
const scriptSeconds = 300;

/** To be mounted before the routes of issues, whose addresses look alike. */
export function signUpApp(site: Site): Hono {
  const judge = new Judge(site);
  return new Hono()
    .get('/assets/:name', asset)
    .get('/p/:slug/subscribe', c =>
      withHere(c, site, here => (c.req.query('done') === 'sent' ? sentPage(here) : formPage(here))),
    )
    .post('/p/:slug/subscribe', c => withHere(c, site, here => press(here, judge)))
    .use('/p/:slug/subscribe.json', shared(site))
    .get('/p/:slug/subscribe.json', c =>
      withHere(c, site, ({ stored }) => c.json({ ticket: judge.tickets.make(stored.id) })),
    )
    .post('/p/:slug/subscribe.json', c => withHere(c, site, here => pressEmbedded(here, judge)))
    .get('/p/:slug/embed', c => withHere(c, site, here => embedPage(here, publicUrlOf(site))))
    .get('/p/:slug/embed.js', c => withHere(c, site, here => script(here)))
    .get('/r/:token/confirm', c => confirmPage(c, site))
    .post('/r/:token/confirm', c => pressConfirm(c, site))
    .get('/r/:token/consent', c => consentPage(c, site))
    .post('/r/:token/consent', c => pressConsent(c, site));
}

function publicUrlOf(site: Site): string {
  return site.config.publicUrl.replace(/\/+$/, '');
}

type Answer = Response | Promise<Response>;

async function withHere(c: Context, site: Site, answer: (here: Here) => Answer): Promise<Response> {
  const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
  if (!stored) return c.notFound();
  return answer({ c, site, stored, lang: askedLanguage(c) ?? stored.publication.language });
}

/** POST `/p/:slug/subscribe`: of our own form, and of a plain one on another site, which brings an address and nothing else. */
async function press(here: Here, judge: Judge): Promise<Response> {
  const { c, site, stored, lang } = here;
  if (!stored.publication.signup.open) return closedPage(here);
  const form = await readForm(c);
  const entry: Entry = {
    email: form.email ?? '',
    advertising: form.advertising === 'yes',
    ticket: form.ticket ?? '',
    wording: form.wording ?? '',
    trap: form.website ?? '',
    seen: form.seen === 'yes',
    proof: form.proof ?? '',
    referral: parseReferral(form.ref),
  };
  const verdict = await judge.judge(stored, entry, { lang, ip: clientIp(c), source: 'form' });
  switch (verdict.kind) {
    case 'sent': {
      const path = signUpPath(site, stored, lang);
      return c.redirect(`${path}${path.includes('?') ? '&' : '?'}done=sent`, 303);
    }
    case 'again':
      return formPage(here, withLasting(entry, stored.id, judge), 'again');
    case 'hint':
      return hintPage(here, entry, verdict.typed, verdict.meant);
    case 'proof':
      return proofPage(here, entry, await judge.proofs.challenge(stored.id));
    case 'full':
      return fullPage(here);
    default:
      return formPage(here, withLasting(entry, stored.id, judge), verdict.kind);
  }
}

/** A ticket that will do at the next press goes along; another is made anew. */
function withLasting(entry: Entry, publicationId: number, judge: Judge): Entry {
  const state = judge.tickets.check(publicationId, entry.ticket);
  return state === 'good' || state === 'soon' ? entry : { ...entry, ticket: '' };
}

const bodySchema = z.object({
  email: z.string().max(1000),
  advertising: z.boolean().default(false),
  ticket: z.string().max(100).default(''),
  wording: z.string().max(200).default(''),
  website: z.string().max(1000).default(''),
  seen: z.boolean().default(false),
});

/** POST `/p/:slug/subscribe.json`: the same for the embedded form, which can do no proof and is led here for it. */
async function pressEmbedded(here: Here, judge: Judge): Promise<Response> {
  const { c, stored, lang } = here;
  const text = signUpWords[lang];
  if (!stored.publication.signup.open) return c.json({ status: 'closed', message: text.closed.title }, 403);
  const body = bodySchema.safeParse(await c.req.json().catch(() => undefined));
  if (!body.success) return c.json({ status: 'address', message: text.address }, 422);
  const { website: trap, ...rest } = body.data;
  const entry: Entry = { ...rest, trap, proof: '', referral: undefined };
  // Looked at before the judge takes their time: a ticket that was too fresh will do at the next press, and a new one would be too fresh again.
  const late = judge.tickets.check(stored.id, entry.ticket) !== 'soon';
  const verdict = await judge.judge(stored, entry, { lang, ip: clientIp(c), source: 'embed' });
  return c.json({ status: verdict.kind, ...saidOf(verdict, lang), ...(verdict.kind === 'again' ? { late } : {}) });
}

/** What the embedded form shows. */
function saidOf(verdict: Verdict, lang: Here['lang']): Record<string, string> {
  const text = signUpWords[lang];
  switch (verdict.kind) {
    case 'sent':
      return { title: text.sent.title, message: `${text.sent.body} ${text.sent.spam}` };
    case 'hint': {
      const { typed, meant } = verdict;
      const message = text.hint.body(typed.slice(typed.lastIndexOf('@') + 1));
      return { message, typed, meant, take: text.hint.take(meant), keep: text.hint.keep(typed) };
    }
    case 'proof':
      return { message: text.proof.title };
    case 'full':
      return { message: `${text.full.title}. ${text.full.body}` };
    default:
      return { message: text[verdict.kind] };
  }
}

/** Lets pages of other sites in, on this route alone, with neither cookies nor anything a reader could be known by. */
function shared(site: Site): MiddlewareHandler {
  return async (c, next) => {
    const stored = await findPublication(site.sql, c.req.param('slug') ?? '');
    const origin = c.req.header('origin') ?? '';
    const origins = stored?.publication.signup.origins ?? [];
    const allowed = origins.length === 0 ? '*' : origins.find(one => one === origin);
    if (allowed) {
      c.header('access-control-allow-origin', allowed);
      c.header('cross-origin-resource-policy', 'cross-origin');
    }
    c.header('vary', 'origin');
    if (c.req.method !== 'OPTIONS') return next();
    if (!stored) return c.notFound();
    c.header('access-control-allow-methods', 'GET, POST');
    c.header('access-control-allow-headers', 'content-type');
    c.header('access-control-max-age', '600');
    return c.body(null, 204);
  };
}

/** GET `/p/:slug/embed.js`. */
function script({ c, site, stored, lang }: Here): Answer {
  if (!stored.publication.signup.open) return c.notFound();
  const query = lang === stored.publication.language ? '' : `?lang=${lang}`;
  const url = `${publicUrlOf(site)}/p/${stored.publication.slug}/subscribe${query}`;
  c.header('content-type', 'text/javascript; charset=utf-8');
  c.header('cache-control', `public, max-age=${scriptSeconds}`);
  c.header('cross-origin-resource-policy', 'cross-origin');
  return c.body(embedScript(stored, lang, url));
}
