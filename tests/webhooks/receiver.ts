/** A live HTTP endpoint whose behaviour a test decides, request by request. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

interface Got {
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

export interface Receiver {
  url: string;
  got: Got[];
  /** Answers; 204 by default. */
  answer: (response: ServerResponse, got: Got) => void;
  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const got = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8'), path: request.url ?? '' };
      receiver.got.push(got);
      receiver.answer(response, got);
      for (const wait of waiting) if (receiver.got.length >= wait.count) wait.resolve();
    });
    response.on('error', () => {});
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`,
    got: [],
    answer: response => void response.writeHead(204).end(),
    arrived: count =>
      receiver.got.length >= count ? Promise.resolve() : new Promise(resolve => waiting.push({ count, resolve })),
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
  return receiver;
}
