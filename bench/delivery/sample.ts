/** One message as the workers make it: for its size, and for the senders that are handed bytes. */
import { readFileSync } from 'node:fs';
import { compose } from '../../src/compose/compose.ts';
import { loadDkim } from '../../src/personalise/dkim.ts';
import { createPress, type Message, type Press } from '../../src/personalise/press.ts';
import { render } from '../../src/render/render.ts';
import { TokenSigner } from '../../src/track/tokens.ts';
import { benchPublication as publication } from '../support.ts';
import type { Job } from './job.ts';

export const sampleReader = { subscriberId: 1, email: 'reader1@example.net', name: '', attributes: {} };

export async function samplePress({ source, dkimKeyFile }: Job): Promise<{ press: Press; subject: string }> {
  const { issue } = compose(source, { publication });
  const dkim =
    dkimKeyFile === undefined
      ? undefined
      : loadDkim({ domain: 'example.org', selector: 'bench', privateKeyFile: dkimKeyFile }, readFileSync);
  const press = createPress(await render(issue, { publication }), {
    publication,
    issue: { id: 1, slug: 'bench', date: new Date() },
    publicUrl: 'https://news.example.org',
    tokens: new TokenSigner(['x'.repeat(32)]),
    ...(dkim ? { dkim } : {}),
  });
  return { press, subject: issue.subject };
}

export async function sampleMessage(job: Job): Promise<Message> {
  return (await samplePress(job)).press.message(sampleReader);
}
