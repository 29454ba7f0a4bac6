/** The sending process of the comparison: nodemailer's pool with its own DKIM; HTML and text filled per reader beforehand, as a caller would. */
import { readFileSync } from 'node:fs';
import nodemailer, { type Transporter } from 'nodemailer';
import type { Job, Measured } from './job.ts';
import { samplePress, sampleReader } from './sample.ts';

/** Messages before the first measured one. */
const warmUp = 100;

interface Content {
  subject: string;
  html: string;
  text: string;
}

process.once('message', async (job: Job) => {
  const { press, subject } = await samplePress(job);
  // One reader's content for all: filling the slots is left out of what nodemailer is charged for.
  const content = { subject, html: press.html(sampleReader), text: press.text(sampleReader) };
  const { hostname, port } = new URL(job.url);
  const transport = nodemailer.createTransport({
    pool: true,
    host: hostname,
    port: Number(port),
    ignoreTLS: true,
    maxConnections: job.connections,
    maxMessages: 100,
    ...(job.dkimKeyFile
      ? {
          dkim: {
            domainName: 'example.org',
            keySelector: 'bench',
            privateKey: readFileSync(job.dkimKeyFile, 'utf8'),
          },
        }
      : {}),
  });
  await send(transport, content, warmUp, job.connections);
  process.on('message', async ({ messages }: { messages: number }) =>
    process.send!(await send(transport, content, messages, job.connections)),
  );
  process.send!({});
});

async function send(
  transport: Transporter,
  { subject, html, text }: Content,
  messages: number,
  connections: number,
): Promise<Measured> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let bytesEach = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < messages) {
      const info = (await transport.sendMail({
        from: '측정 <news@example.org>',
        to: `reader${next++}@example.net`,
        subject,
        html,
        text,
        list: { unsubscribe: 'https://news.example.org/r/token/unsubscribe' },
        headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      })) as { messageSize?: number };
      bytesEach = info.messageSize ?? bytesEach;
    }
  };
  await Promise.all(Array.from({ length: connections * 2 }, lane));
  const { user, system } = process.cpuUsage(before);
  return { messages, cpuMs: (user + system) / 1000, wallMs: performance.now() - startedAt, bytesEach };
}
