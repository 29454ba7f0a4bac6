/**
 * Whether links lead anywhere: asked for when an editor asks, one request each, and kept for a while. A text may hold any address, so it is asked
 * only where webhooks may go too (webhooks/guard), at each redirect anew.
 */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Memo } from '../../../memo.ts';
import { guardedLookup, hostOf, mayReach, type Reach } from '../../../webhooks/guard.ts';

export type LinkState =
  /** It answered with a page. */
  | 'reached'
  /** It says there is nothing, or nobody answers at that name. */
  | 'broken'
  /** It answered otherwise: many sites refuse programs. */
  | 'unsure'
  /** Not asked: it is no public address. */
  | 'private';

export interface Reached {
  url: string;
  state: LinkState;
  /** `404`, `ENOTFOUND`, `timeout`. */
  detail: string;
}

const timeoutMs = 6000;
const mostHops = 5;
const atOnce = 6;
/** Of one text; further ones are not asked. */
const mostLinks = 150;
const keptMs = 15 * 60_000;
const mostKept = 3000;
const kept = new Memo<string, Reached>(mostKept, keptMs);

/** In the order given. Never rejects. */
export async function reachLinks(urls: readonly string[], reach: Reach): Promise<Reached[]> {
  const asked = urls.slice(0, mostLinks);
  const results: Reached[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < asked.length; at = next++) results[at] = await reachOne(asked[at]!, reach);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

const reachOne = (url: string, reach: Reach): Promise<Reached> =>
  kept.get(`${reach} ${url}`, async () => ({ url, ...(await follow(url, reach)) }));

async function follow(url: string, reach: Reach): Promise<Omit<Reached, 'url'>> {
  const signal = AbortSignal.timeout(timeoutMs);
  let at = url;
  let method: 'HEAD' | 'GET' = 'HEAD';
  try {
    for (let hop = 0; hop <= mostHops; hop++) {
      if (!mayAsk(at, reach)) return { state: 'private', detail: '' };
      const { status, location } = await ask(at, method, reach, signal);
      if (location !== undefined && status >= 300 && status < 400) {
        if (!URL.canParse(location, at)) return { state: 'broken', detail: `${status}` };
        at = new URL(location, at).href;
      } else if (method === 'HEAD' && (status < 200 || status >= 300)) method = 'GET';
      else return judged(status);
    }
    return { state: 'broken', detail: 'redirects' };
  } catch (error) {
    return failed(error as Error & { code?: string }, signal.aborted);
  }
}

function mayAsk(text: string, reach: Reach): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.username || url.password) return false;
  const host = hostOf(url);
  // A literal address is connected to without any look-up.
  return isIP(host) === 0 || mayReach(host, reach);
}

function ask(
  url: string,
  method: 'HEAD' | 'GET',
  reach: Reach,
  signal: AbortSignal,
): Promise<{ status: number; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const open = url.startsWith('https:') ? httpsRequest : httpRequest;
    const headers = { 'user-agent': 'Mozilla/5.0 (compatible; Broadsheet link check)', accept: '*/*' };
    const request = open(url, {
      method,
      signal,
      headers,
      agent: false,
      lookup: guardedLookup(reach),
      maxHeaderSize: 32 * 1024,
    });
    request.on('response', (answer: IncomingMessage) => {
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location });
      // The body is nobody's concern.
      request.destroy();
    });
    request.on('error', reject);
    request.end();
  });
}

function judged(status: number): Omit<Reached, 'url'> {
  const state = status >= 200 && status < 300 ? 'reached' : [404, 410].includes(status) ? 'broken' : 'unsure';
  return { state, detail: `${status}` };
}

function failed({ code, message }: Error & { code?: string }, isLate: boolean): Omit<Reached, 'url'> {
  if (isLate) return { state: 'unsure', detail: 'timeout' };
  if (code === 'EADDRREFUSED') return { state: 'private', detail: '' };
  const isGone = code === 'ENOTFOUND' || code === 'ECONNREFUSED' || /CERT|TLS|SSL/.test(code ?? '');
  return { state: isGone ? 'broken' : 'unsure', detail: (code ?? message).slice(0, 60) };
}
