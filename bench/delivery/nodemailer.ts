/** The sending process of the comparison: nodemailer's pool with its own DKIM; HTML and text filled per reader beforehand, as a caller would. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { compose } from '../../src/compose/compose.ts';
import { createPress } from '../../src/personalise/press.ts';
import { render } from '../../src/render/render.ts';
import { TokenSigner } from '../../src/track/tokens.ts';
import type { Job } from '../delivery.ts';
import { benchPublication as publication } from '../support.ts';

process.once('message', async (job: Job) => {
  const { issue } = compose(job.source, { publication });
  const press = createPress(await render(issue, { publication }), {
    publication,
    issue: { id: 1, slug: 'bench', date: new Date() },
    publicUrl: 'https://news.example.org',
    tokens: new TokenSigner(['x'.repeat(32)]),
  });
  const { hostname, port } = new URL(job.url);
  const transport = nodemailer.createTransport({
    pool: true,
    host: hostname,
    port: Number(port),
    ignoreTLS: true,
    maxConnections: job.connections,
    maxMessages: 100,
    dkim: {
      domainName: 'example.org',
      keySelector: 'bench',
      privateKey: readFileSync(join(job.folder, 'dkim.pem'), 'utf8'),
    },
  });
  // One reader's content for all: filling the slots is left out of what nodemailer is charged for.
  const reader = { subscriberId: 1, email: 'reader1@example.net', name: '', attributes: {} };
  const html = press.html(reader);
  const text = press.text(reader);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let size = 0;
  let next = 0;
  const sendOne = async (): Promise<void> => {
    while (next < job.messages) {
      const to = `reader${next++}@example.net`;
      const info = (await transport.sendMail({
        from: '측정 <news@example.org>',
        to,
        subject: issue.subject,
        html,
        text,
        list: { unsubscribe: 'https://news.example.org/r/token/unsubscribe' },
        headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      })) as { messageSize?: number };
      size = info.messageSize ?? size;
    }
  };
  await Promise.all(Array.from({ length: job.connections * 2 }, sendOne));
  const { user, system } = process.cpuUsage(before);
  transport.close();
  process.send!({
    messages: job.messages,
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - startedAt,
    bytesEach: size,
  });
});
