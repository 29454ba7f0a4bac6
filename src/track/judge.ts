/**
 * Who follows a link: a person, as far as can be told, or a machine (rule 4.2). What one request shows is judged when it comes;
 * what only several show together, a sweep, is judged afterwards over the stored events. Machines are served like everyone.
 */

import { countedUntil, type JointRules, markMachines } from '../db/clicks.ts';
import type { Sql } from '../db/client.ts';

/** `head`: asks for headers only. `agent`: names itself as a program, or not at all. `prefetch`: a browser ahead of its person. */
export type RequestMachine = 'head' | 'agent' | 'prefetch';

/** A link followed this soon after the relay took the message was followed by a filter on the way. */
export const instantMs = 2000;

/** Nobody reads five pages of one message in ten seconds, nor eight in a minute; and nobody sees the hidden link. */
export const jointRules: JointRules = {
  sweeps: [
    { links: 5, withinMs: 10_000 },
    { links: 8, withinMs: 60_000 },
  ],
  aroundTrapMs: 60_000,
};

/**
 * Filters, crawlers and previews by what they call themselves. In-app browsers of people (KAKAOTALK, NAVER, DaumApps, FBAN) are none of these; their
 * companies' preview fetchers are. `Cubot` makes telephones.
 */
const filters = anyOf([
  // Crawlers and previews.
  /(?<!cu)bot\b/,
  /crawl/,
  /spider/,
  /slurp/,
  /facebookexternalhit/,
  /kakaotalk-scrap/,
  /^whatsapp/,
  /skypeuripreview/,
  /bingpreview/,
  /yeti\//,
  /daum(?:oa|\/)/,
  /googleimageproxy/,
  /yahoomailproxy/,
  /google-safety/,
  /apache-httpclient/,
  /feedfetcher/,
  // Mail security.
  /proofpoint/,
  /barracuda/,
  /mimecast/,
  /messagelabs/,
  /symantec/,
  /fireeye/,
  /trellix/,
  /trendmicro/,
  /forcepoint/,
  /ironport/,
  /ciscosecure/,
  /fortimail/,
  /f-secure/,
  /sophos/,
  /zscaler/,
  /safelinks/,
  /ms-office/,
  /microsoft office/,
  /office existence discovery/,
  /urldefense/,
  /virustotal/,
  /checkpoint/,
]);

/** Libraries, tools and browsers without a person. */
const tools = anyOf([
  /^(?:curl|wget|node|undici|java|ruby|perl|php|okhttp|axios|got|dart|deno|bun)(?:[/ .-]|$)/,
  /python/,
  /aiohttp/,
  /httpx/,
  /go-http-client/,
  /libwww/,
  /lwp/,
  /httpclient/,
  /guzzle/,
  /restsharp/,
  /postman/,
  /node-fetch/,
  /winhttp/,
  // Browsers without a person.
  /headless/,
  /phantomjs/,
  /puppeteer/,
  /playwright/,
  /selenium/,
  /lighthouse/,
]);

function anyOf(names: readonly RegExp[]): RegExp {
  return new RegExp(names.map(one => one.source).join('|'), 'i');
}

/**
 * What the request by itself shows; undefined when it may be a person's. A pressed button (POST) is a tool's owner's own: only filters, which
 * may try forms too, are known by name then.
 * @param request.purpose the Sec-Purpose or Purpose header
 */
export function judgeRequest(request: {
  method: string;
  userAgent: string | undefined;
  purpose: string | undefined;
}): RequestMachine | undefined {
  if (request.method === 'HEAD') return 'head';
  // Bounded before it meets the expression; a browser's name is about 120 characters.
  const agent = request.userAgent?.trim().slice(0, 500);
  if (agent && filters.test(agent)) return 'agent';
  if (request.method !== 'POST' && (!agent || tools.test(agent))) return 'agent';
  if (request.purpose && /prefetch|prerender|preview/i.test(request.purpose)) return 'prefetch';
  return undefined;
}

/**
 * Judges what only several clicks show, of the clicks that are not counted yet; safe to run at any time, any number of times.
 * @returns how many it found to be a machine's
 */
export async function judgeJointly(sql: Sql, issueId: number): Promise<number> {
  return markMachines(sql, issueId, jointRules, { from: await countedUntil(sql, issueId), to: null });
}
