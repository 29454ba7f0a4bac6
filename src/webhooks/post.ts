/** One POST of one message: signed, bounded in time and in what it reads, following nothing. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { guardedLookup, hostOf, mayReach, type Reach, urlProblem } from './guard.ts';
import { type Message, signedHeaders } from './sign.ts';

/** For everything from the name's resolution to the end of the answer. */
const timeoutMs = 10_000;
/** Of an answer, which is thrown away: so much is read so that the connection can be used again. */
const mostAnswerBytes = 64 * 1024;
const mostRetryAfterMs = 86_400_000;

export interface Posted {
  /** Undefined: no answer came. */
  status: number | undefined;
  ok: boolean;
  /** An HTTP status or why there is none: no body, no address, at most 200 characters. */
  outcome: string;
  /** Asked for by `Retry-After`, a day at most. */
  retryAfterMs: number | undefined;
}

/** Connections are kept for a while: their address was judged when they were opened. */
export class Poster {
  readonly #reach: Reach;
  readonly #timeoutMs: number;
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(reach: Reach, given: { timeoutMs?: number } = {}) {
    this.#reach = reach;
    this.#timeoutMs = given.timeoutMs ?? timeoutMs;
    const kept = { keepAlive: true, maxFreeSockets: 20, timeout: 20_000, lookup: guardedLookup(reach) };
    this.#http = new HttpAgent(kept);
    this.#https = new HttpsAgent(kept);
  }

  /** Never rejects. @param secrets see `signedHeaders` */
  post(url: string, message: Message, secrets: readonly string[]): Promise<Posted> {
    const problem = urlProblem(url, this.#reach);
    if (problem) return Promise.resolve(nothing(problem));
    const parsed = new URL(url);
    // A literal address is connected to without any look-up.
    const host = hostOf(parsed);
    if (isIP(host) !== 0 && !mayReach(host, this.#reach)) return Promise.resolve(nothing(`${host} is not public`));
    return new Promise(resolve => {
      const secure = parsed.protocol === 'https:';
      const open = secure ? httpsRequest : httpRequest;
      const request = open(parsed, {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        maxHeaderSize: 16 * 1024,
        headers: {
          'content-type': 'application/json',
          'content-length': message.body.length,
          'user-agent': 'Broadsheet-Webhooks/1',
          ...signedHeaders(message, secrets, new Date()),
        },
      });
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer in ${this.#timeoutMs / 1000} s`)),
        this.#timeoutMs,
      );
      let posted = nothing('the connection was closed without an answer');
      request.on('response', response => {
        posted = judged(response);
        drain(response);
      });
      request.on('error', error => {
        // What becomes of the rest of an answer does not matter.
        if (posted.status === undefined) posted = nothing(wordsOf(error));
      });
      // Only now: an answer that trickles holds its place, so that connections stay few.
      request.on('close', () => {
        clearTimeout(timer);
        resolve(posted);
      });
      request.end(message.body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function drain(response: IncomingMessage): void {
  let read = 0;
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > mostAnswerBytes) response.destroy();
  });
}

function judged({ statusCode: status = 0, headers }: IncomingMessage): Posted {
  const ok = status >= 200 && status < 300;
  const redirect = status >= 300 && status < 400 ? ', a redirect: give the address it leads to' : '';
  return {
    status,
    ok,
    outcome: `HTTP ${status}${redirect}`,
    retryAfterMs: ok ? undefined : waitOf(headers['retry-after']),
  };
}

/** RFC 9110 §10.2.3: seconds, or a date. */
function waitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, mostRetryAfterMs) : undefined;
}

const nothing = (outcome: string): Posted => ({
  status: undefined,
  ok: false,
  outcome: outcome.slice(0, 200),
  retryAfterMs: undefined,
});

/** A failure to connect to several addresses has no message of its own. */
function wordsOf(error: Error & { code?: string }): string {
  return error.message || error.code || 'no connection';
}
