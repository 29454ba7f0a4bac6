/** Which language a page is in: `?lang=`, else what was chosen before, else what the browser asks for. */
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

export type Language = 'ko' | 'en';

const cookieName = 'broadsheet-lang';
const yearSeconds = 365 * 24 * 60 * 60;

/** Picks the language and remembers an explicit choice. */
export function pickLanguage(c: Context): Language {
  const asked = c.req.query('lang');
  if (asked === 'ko' || asked === 'en') {
    setCookie(c, cookieName, asked, { path: '/', sameSite: 'Lax', maxAge: yearSeconds });
    return asked;
  }
  const chosen = getCookie(c, cookieName);
  if (chosen === 'ko' || chosen === 'en') return chosen;
  return preferred(c.req.header('accept-language') ?? '');
}

/** Accept-Language (RFC 9110, 12.5.4); English when it names neither. */
function preferred(header: string): Language {
  const ranges = header
    .slice(0, 200)
    .split(',')
    .map(range => {
      const [tag, ...params] = range.trim().toLowerCase().split(';');
      const q = /^\s*q=([\d.]+)\s*$/.exec(params.find(param => param.includes('q=')) ?? '')?.[1];
      return { language: tag!.split('-')[0], weight: q === undefined ? 1 : Number(q) };
    });
  const best = ranges
    .filter(range => (range.language === 'ko' || range.language === 'en') && range.weight > 0)
    .sort((a, b) => b.weight - a.weight)[0];
  return best?.language === 'ko' ? 'ko' : 'en';
}
