/** Requests of readers over kept connections, each of another reader; tells how long they took and whose were answered. */
import { Agent, request } from 'node:http';
import { TokenSigner } from '../../src/track/tokens.ts';

export type Act = 'click' | 'unsubscribe' | 'like';

export interface LoadOrder {
  port: number;
  act: Act;
  requests: number;
  connections: number;
  issueId: number;
  /** Readers' ids follow on this one. */
  firstReader: number;
}

export interface LoadResult {
  seconds: number;
  /** Milliseconds, ascending. */
  times: number[];
  /** Readers whose request was answered with 2xx or 3xx. */
  answered: number[];
  /** Refused, cut or answered otherwise. */
  failed: number;
}

const signer = new TokenSigner([process.env.SECRET_KEYS!]);
const agentName = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const forms: Record<Exclude<Act, 'click'>, string> = {
  unsubscribe: 'List-Unsubscribe=One-Click',
  like: 'action=like',
};

process.on('message', async (order: LoadOrder) => {
  process.send!(await run(order));
});
process.send!({ ready: true });

async function run(order: LoadOrder): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: order.connections });
  const times: number[] = [];
  const answered: number[] = [];
  let next = 0;
  let failed = 0;
  const began = performance.now();
  const worker = async () => {
    while (next < order.requests) {
      const reader = order.firstReader + next++;
      const at = performance.now();
      const status = await send(order, reader, agent).catch(() => 0);
      times.push(performance.now() - at);
      if (status >= 200 && status < 400) answered.push(reader);
      else failed++;
      // The server is gone.
      if (status === 0 && failed > 200) return;
    }
  };
  await Promise.all(Array.from({ length: order.connections }, worker));
  agent.destroy();
  return { seconds: (performance.now() - began) / 1000, times: times.sort((a, b) => a - b), answered, failed };
}

function send({ port, act, issueId }: LoadOrder, subscriberId: number, agent: Agent): Promise<number> {
  const token = signer.sign({ purpose: act, ref: act === 'click' ? 1 : 0, issueId, subscriberId });
  const body = act === 'click' ? undefined : forms[act];
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { 'user-agent': agentName };
    if (body) {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers['content-length'] = body.length;
    }
    const path = `/r/${token}${act === 'click' ? '' : `/${act}`}`;
    const call = request({ host: '127.0.0.1', port, path, method: body ? 'POST' : 'GET', agent, headers }, response => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}
