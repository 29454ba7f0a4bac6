/** /console/readers/suppressed: addresses that are never mailed, looked for through their hash. */

import { z } from 'zod';
import { unsuppress } from '../../../db/api-subscribers.ts';
import { findSuppression, listSuppressions, type SuppressionLine } from '../../../db/suppressions.ts';
import { parseAddress } from '../../../subscribers/address.ts';
import { suppress } from '../../../subscribers/subscriptions.ts';
import { Icon } from '../../icons.tsx';
import { rowIdText } from '../../row-id.ts';
import { Ask } from '../ask.tsx';
import type { Console, ConsoleContext } from '../context.ts';
import { refusedPage, Token } from '../layout.tsx';
import { type ConsoleRoute, change, form, idOf, page } from '../routes.ts';
import { Table, unseen } from '../table.tsx';
import { timeIn } from '../time.ts';
import { problem, publicationsOf, sendReaders, Time, textOf, zoneOf } from './frame.tsx';

const pageRows = 50;
const email = z.string().max(1000);

export const suppressedRoutes: ConsoleRoute[] = [
  page('/readers/suppressed', 'readers', (c, site) => show(c, site)),
  form('/readers/suppressed', 'readers', (c, site, form) => show(c, site, (form.email ?? '').slice(0, 1000))),
  page('/readers/suppressed/lift/:id{[0-9]+}', 'readers', async (c, site) => {
    const id = idOf(c);
    const found = id === undefined ? undefined : await findSuppression(site.wiring.sql, { subscriberId: id });
    if (!found) return refusedPage(c, site, textOf(c).problem.gone, 404);
    return askLift(c, site, { subscriber: id, shown: found.name || found.email || '' });
  }),
  form('/readers/suppressed/lift', 'readers', async (c, site, form) => {
    const address = parseAddress((form.email ?? '').slice(0, 1000));
    if ('problem' in address) return refusedPage(c, site, textOf(c).problem.address, 400);
    return askLift(c, site, { email: address.email, shown: address.email });
  }),
  change('/readers/suppressed/add', 'readers', 'suppression.add', { email }, async (c, site, form) => {
    const address = parseAddress(form.email);
    if ('problem' in address) throw problem(c, 'address');
    const hash = site.wiring.hasher.hash(address.emailKey);
    await suppress(site.wiring.sql, hash, 'manual');
    return { to: '/readers/suppressed', said: 'suppressed', subject: subjectOf(hash) };
  }),
  change(
    '/readers/suppressed/lifted',
    'readers',
    'suppression.lift',
    {
      email: email.optional(),
      subscriber: rowIdText.optional(),
      sure: z.literal('yes'),
    },
    async (c, site, form) => {
      const { sql, hasher } = site.wiring;
      const address = form.email === undefined ? undefined : parseAddress(form.email);
      if (address && 'problem' in address) throw problem(c, 'address');
      const found = await findSuppression(
        sql,
        address ? { addressHash: hasher.hash(address.emailKey) } : { subscriberId: Number(form.subscriber ?? 0) },
      );
      if (!found) throw problem(c, 'gone');
      await unsuppress(sql, found.addressHash);
      const detail = { reason: found.reason, ...(found.subscriberId ? { reader: found.subscriberId } : {}) };
      return { to: '/readers/suppressed', said: 'lifted', subject: subjectOf(found.addressHash), detail };
    },
  ),
];

/** The beginning of the keyed hash: tells two apart in the log, and names nobody. */
const subjectOf = (hash: Buffer) => `suppression ${hash.toString('hex').slice(0, 12)}`;

async function show(c: ConsoleContext, site: Console, asked?: string) {
  const text = textOf(c);
  const zone = zoneOf(await publicationsOf(site));
  const after = /^\d{13,16}-[0-9a-f]{64}$/.exec(c.req.query('after') ?? '')?.[0];
  const rows = await listSuppressions(site.wiring.sql, pageRows, after);
  return sendReaders(
    c,
    site,
    { title: text.tabs.suppressed, at: 'suppressed' },
    <>
      <p class="quiet readers-lead">{text.suppressedText}</p>
      <Finder c={c} site={site} asked={asked} />
      {asked !== undefined && (await verdict(c, site, asked, zone))}
      {rows.length === 0 ? (
        <div class="sheet empty">
          <h2>{text.noSuppressions}</h2>
          <p>{text.noSuppressionsText}</p>
        </div>
      ) : (
        <SuppressionTable c={c} site={site} rows={rows} zone={zone} />
      )}
      {rows.length === pageRows && (
        <p class="after">
          <a class="button" href={`?after=${rows.at(-1)!.cursor}`}>
            {text.more}
          </a>
        </p>
      )}
    </>,
  );
}

function Finder({ c, site, asked }: { c: ConsoleContext; site: Console; asked: string | undefined }) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/suppressed`;
  return (
    <form method="post" action={here} class="readers-search">
      <Token c={c} site={site} />
      <div class="readers-ask">
        <label class="hidden" for="email">
          {text.findAddress}
        </label>
        <Icon name="search" />
        <input
          id="email"
          name="email"
          type="text"
          inputmode="email"
          value={asked ?? ''}
          placeholder={text.findAddress}
          required
          maxlength={254}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby="email-hint"
        />
        <button type="submit">{text.find}</button>
      </div>
      <p class="quiet small" id="email-hint">
        {text.findHint}
      </p>
    </form>
  );
}

async function verdict(c: ConsoleContext, site: Console, asked: string, zone: string) {
  const text = textOf(c);
  const here = `${site.base}/console/readers/suppressed`;
  const address = parseAddress(asked);
  if ('problem' in address) return <p class="message">{text.isBad}</p>;
  const found = await findSuppression(site.wiring.sql, { addressHash: site.wiring.hasher.hash(address.emailKey) });
  const time = (at: Date) => timeIn(at, c.get('language'), zone, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <div class="said readers-verdict" role="status">
      <p>
        {found ? text.isSuppressed(text.reasons[found.reason] ?? found.reason, time(found.createdAt)) : text.isFree}
      </p>
      <form method="post" action={found ? `${here}/lift` : `${here}/add`}>
        <Token c={c} site={site} />
        <input type="hidden" name="email" value={address.email} />
        <button type="submit">{found ? text.lift : text.addSuppression}</button>
      </form>
    </div>
  );
}

function SuppressionTable(props: { c: ConsoleContext; site: Console; rows: readonly SuppressionLine[]; zone: string }) {
  const { c, site, rows, zone } = props;
  const text = textOf(c);
  return (
    <Table name={text.tabs.suppressed} columns={[text.who, text.reason, text.since, unseen(text.lift)]}>
      {rows.map(row => (
        <tr>
          <td>
            {row.subscriberId === null ? (
              <span class="quiet">
                {text.unknownWho} <code>{row.addressHash.toString('hex').slice(0, 12)}</code>
              </span>
            ) : (
              <a href={`${site.base}/console/readers/${row.subscriberId}`}>
                <bdi>{row.name || row.email}</bdi>
              </a>
            )}
          </td>
          <td>{text.reasons[row.reason] ?? row.reason}</td>
          <td>
            <Time c={c} at={row.createdAt} zone={zone} />
          </td>
          <td class="number">
            {row.subscriberId !== null && (
              <a href={`${site.base}/console/readers/suppressed/lift/${row.subscriberId}`}>{text.lift}</a>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function askLift(
  c: ConsoleContext,
  site: Console,
  of: { subscriber?: number | undefined; email?: string; shown: string },
) {
  const text = textOf(c);
  return sendReaders(
    c,
    site,
    { title: text.liftTitle, at: 'suppressed' },
    <Ask
      c={c}
      site={site}
      what={<bdi>{of.shown}</bdi>}
      means={text.liftText}
      action={`${site.base}/console/readers/suppressed/lifted`}
      act={text.liftDo}
      back={`${site.base}/console/readers/suppressed`}
      keep={text.keep}
      sure={text.liftSure}
      fields={
        <>
          {of.subscriber !== undefined && <input type="hidden" name="subscriber" value={String(of.subscriber)} />}
          {of.email !== undefined && <input type="hidden" name="email" value={of.email} />}
        </>
      }
    />,
  );
}
