/** A tracked link: says where it leads, and notes that it was followed. */
import type { Context } from 'hono';
import { insertClick } from '../../db/events.ts';
import { messageOf } from '../../errors.ts';
import { messageName } from '../../model/message-id.ts';
import { instantMs, judgeRequest } from '../../track/judge.ts';
import type { JudgementBell } from '../../track/record.ts';
import { type Site, verifyFor } from './reader.ts';

/** A reader waits this long at most for the note of the click. */
const noteMs = 1500;

/** GET and HEAD of `/r/:token`: 302 to the destination that the database names (rule 4.4), 404 otherwise. */
export async function click(c: Context, site: Site, bell: JudgementBell): Promise<Response> {
  const token = verifyFor(c, site, 'click');
  const destination = token && (await site.contents.destination(token.issueId, token.ref));
  if (!destination) return c.notFound();
  const machine = judgeRequest({
    method: c.req.method,
    userAgent: c.req.header('user-agent'),
    purpose: c.req.header('sec-purpose') ?? c.req.header('purpose'),
  });
  await within(noteMs, insertClick(site.sql, { ...token, machine }, instantMs)).catch(error => {
    site.log.warn({ issue: token.issueId, error: messageOf(error) }, 'click not noted');
  });
  if (site.log.isLevelEnabled('debug'))
    site.log.debug({ message: messageName(token), link: token.ref, machine: machine ?? null }, 'link followed');
  bell.ring(token.issueId);
  return c.redirect(destination, 302);
}

/** The work goes on after its time; only nobody waits for it any more. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
