/** An issue before readers get it: what the checks say, how it looks, how it arrives in a few chosen mailboxes. */
import { z } from 'zod';
import { insertIssueAtOnce, issueSource } from '../../db/api-issues.ts';
import { findIssue } from '../../db/issues.ts';
import { getPublication } from '../../db/publications.ts';
import { ensureSubscribers } from '../../db/subscribers.ts';
import { Relays } from '../../deliver/relays.ts';
import { wake } from '../../enqueue/submit.ts';
import { BroadsheetError } from '../../errors.ts';
import type { Publication } from '../../model/publication.ts';
import { parseAddress } from '../../subscribers/address.ts';
import type { Wiring } from '../../wiring.ts';
import { issueDocument, issueSchema, requireView } from './issues.ts';
import { type FieldError, Refusal } from './problems.ts';
import { type Route, route } from './route.ts';
import { prepareText, requireSound, storable } from './texts.ts';

const mostTestAddresses = 5;
const bytes = z.int().nonnegative();

const checkSchema = z
  .object({
    revision: z.int(),
    isSendable: z.boolean().meta({ description: 'No problem is an error.' }),
    subject: z.string(),
    preheader: z.string(),
    htmlBytes: bytes.meta({ description: 'As one sample reader gets it; Gmail cuts off near 102,000.' }),
    textBytes: bytes,
    wireBytes: bytes,
    sections: z.array(z.object({ type: z.string(), title: z.string(), bytes })),
    problems: z.array(
      z.object({
        severity: z.enum(['error', 'warning']),
        code: z.string(),
        line: z.int().meta({ description: 'From 1; 0: it concerns the whole.' }),
        message: z.string(),
        help: z.string(),
      }),
    ),
  })
  .meta({ id: 'IssueCheck' });

const previewSchema = z
  .object({ revision: z.int(), subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'IssuePreview' });

async function preparedIssue(wiring: Wiring, id: number, allowLarge = false) {
  const row = await requireView(wiring, id);
  const [publication, source] = await Promise.all([
    getPublication(wiring.sql, row.publicationId),
    issueSource(wiring.sql, row.id),
  ]);
  return { row, publication, prepared: await prepareText(wiring, source, publication, allowLarge) };
}

/** What is missing to send at all is told now, not by a message that never comes. @throws BroadsheetError SMTP_UNSET, RELAY_UNKNOWN */
export function requireRelay({ config }: Pick<Wiring, 'config'>, { delivery }: Publication): void {
  new Relays(config.smtpUrls).named(delivery.relay);
}

export const issueReviewRoutes: Route[] = [
  route(
    {
      method: 'get',
      path: '/issues/{issue}/check',
      tag: 'Issues',
      summary: 'What the checks say, and the bytes of each section',
      scope: 'issues:read',
      response: checkSchema,
      status: [200],
      cost: 20,
    },
    async ({ wiring, params }) => {
      const { row, prepared } = await preparedIssue(wiring, params.issue);
      const { issue, edition, sample, problems } = prepared;
      return {
        data: {
          revision: row.revision,
          isSendable: problems.every(({ severity }) => severity !== 'error'),
          subject: issue.subject,
          preheader: issue.preheader,
          htmlBytes: Buffer.byteLength(sample.html),
          textBytes: Buffer.byteLength(sample.text),
          wireBytes: sample.raw.length,
          sections: edition.sections,
          problems,
        },
      };
    },
  ),
  route(
    {
      method: 'get',
      path: '/issues/{issue}/preview',
      tag: 'Issues',
      summary: 'The message as one sample reader gets it',
      description: 'Its personal links lead nowhere. Show the HTML in a sandboxed frame.',
      scope: 'issues:read',
      response: previewSchema,
      status: [200],
      cost: 20,
    },
    async ({ wiring, params }) => {
      const { row, prepared } = await preparedIssue(wiring, params.issue);
      const { html, text } = prepared.sample;
      return { data: { revision: row.revision, subject: prepared.issue.subject, html, text } };
    },
  ),
  route(
    {
      method: 'post',
      path: '/issues/{issue}/test',
      tag: 'Issues',
      summary: 'Send a test mail',
      description: `Goes through the workers to at most ${mostTestAddresses} addresses, subscribed or not, with a subject that says it is a test. The answer is the test's own issue: its status tells what became of it.`,
      scope: 'issues:send',
      body: z.strictObject({
        to: z.array(z.string().max(1000)).min(1).max(mostTestAddresses),
        allowLarge: z.boolean().default(false),
      }),
      response: issueSchema,
      status: [202],
      isKeyed: true,
      cost: 20,
    },
    async ({ wiring, params, body, requestId }) => {
      const addresses = parseAddresses(body.to);
      const { row, publication, prepared } = await preparedIssue(wiring, params.issue, body.allowLarge);
      if (row.kind !== 'regular' && row.kind !== 'erratum')
        throw new BroadsheetError('ISSUE_STATE', `${row.slug} is a ${row.kind} itself`);
      requireSound(prepared);
      requireRelay(wiring, publication);
      const testReaders = [...new Set(await ensureSubscribers(wiring.sql, wiring.hasher, addresses))];
      const id = await insertIssueAtOnce(wiring.sql, {
        publicationId: row.publicationId,
        text: storable(prepared),
        requestId,
        testReaders,
      });
      const stored = await findIssue(wiring.sql, String(id));
      await wake(wiring, stored!, true);
      return { data: issueDocument(await requireView(wiring, id)), location: `/issues/${id}` };
    },
  ),
];

/** @throws Refusal REQUEST_INVALID; no address is repeated in it */
function parseAddresses(texts: readonly string[]) {
  const errors: FieldError[] = [];
  const addresses = texts.flatMap((text, i) => {
    const address = parseAddress(text);
    if (!('problem' in address)) return [address];
    errors.push({ pointer: `#/to/${i}`, detail: address.problem });
    return [];
  });
  if (errors.length > 0) throw new Refusal('REQUEST_INVALID', 'some addresses cannot be mailed', { errors });
  return addresses;
}
