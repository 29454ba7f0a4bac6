/** /console/settings/domains, /relays and /backups: what the installation depends on outside itself. */

import { insertAudit } from '../../../db/audit.ts';
import { listPublications } from '../../../db/publications.ts';
import { parseRelay, relayChoice, relayLimits } from '../../../deliver/relay.ts';
import { examineSending } from '../../../doctor/doctor.ts';
import type { Finding } from '../../../doctor/finding.ts';
import { checkRelays } from '../../../doctor/relays.ts';
import type { Console, ConsoleContext } from '../context.ts';
import { sendPage, Token } from '../layout.tsx';
import { type ConsoleRoute, form, page } from '../routes.ts';
import { When } from '../staff/frame.tsx';
import { Table } from '../table.tsx';
import { Findings } from './findings.tsx';
import { Settings } from './frame.tsx';
import { settingsWords } from './words.ts';

export const machineRoutes: ConsoleRoute[] = [
  page('/settings/domains', 'settings', domainsPage),
  form('/settings/domains/look', 'settings', pressLook),
  page('/settings/relays', 'settings', (c, site) => relaysPage(c, site)),
  form('/settings/relays/test', 'settings', pressTest),
  page('/settings/backups', 'settings', backupsPage),
];

const keptMs = 10 * 60_000;
interface Looked {
  at: Date;
  findings: Promise<Finding[]>;
}
/** Of each site, as DNS said it; one look at a time, however many ask. */
const looked = new WeakMap<Console, Looked>();

async function domainsPage(c: ConsoleContext, site: Console) {
  const words = settingsWords(c);
  const kept = looked.get(site);
  const fresh = kept && Date.now() - kept.at.getTime() < keptMs ? kept : undefined;
  const hasDomain = (await listPublications(site.wiring.sql)).length > 0 || site.wiring.config.dkim !== undefined;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="domains" title={words.tabs.domains} scripts={['copy']}>
      <p class="quiet staff-intro">{hasDomain ? words.domainsText : words.domainsNone}</p>
      <form method="post" action={`${site.base}/console/settings/domains/look`} class="buttons after">
        <Token c={c} site={site} />
        <button type="submit" class={fresh ? undefined : 'main'}>
          {words.look}
        </button>
      </form>
      {fresh ? (
        <>
          <p class="quiet small under">
            {words.lookedAt}: <When c={c} at={fresh.at} />
          </p>
          <Findings c={c} findings={await fresh.findings} />
        </>
      ) : (
        <div class="sheet empty after">
          <h2>{words.notLooked}</h2>
          <p>{words.notLookedText}</p>
        </div>
      )}
    </Settings>,
  );
}

/** The least time between two looks of one process. */
const restMs = 5_000;

async function pressLook(c: ConsoleContext, site: Console): Promise<Response> {
  const { wiring } = site;
  const kept = looked.get(site);
  if (!kept || Date.now() - kept.at.getTime() > restMs) {
    const findings = examineSending(wiring.config, wiring);
    looked.set(site, { at: new Date(), findings });
    await findings.catch(error => {
      looked.delete(site);
      throw error;
    });
    await insertAudit(wiring.sql, c.get('staff'), { act: 'domains.look', subject: 'domains' });
  }
  return domainsPage(c, site);
}

function relaysPage(c: ConsoleContext, site: Console, findings?: readonly Finding[]) {
  const words = settingsWords(c);
  const { smtpUrls } = site.wiring.config;
  return sendPage(
    c,
    <Settings c={c} site={site} tab="relays" title={words.tabs.relays}>
      <p class="quiet staff-intro">{words.relaysText}</p>
      {smtpUrls.length === 0 ? (
        <div class="sheet empty after">
          <h2>{words.relaysNone}</h2>
          <p>{words.relaysNoneText}</p>
        </div>
      ) : (
        <>
          <Relays c={c} urls={smtpUrls} />
          <form method="post" action={`${site.base}/console/settings/relays/test`} class="form after">
            <Token c={c} site={site} />
            <div>
              <button type="submit" class="main">
                {words.testRelays}
              </button>
            </div>
            <p class="quiet small">{words.testedText}</p>
          </form>
        </>
      )}
      {findings && (
        <>
          <p class="said after" role="status">
            {words.tested}
          </p>
          <Findings c={c} findings={findings} />
        </>
      )}
    </Settings>,
  );
}

function Relays({ c, urls }: { c: ConsoleContext; urls: readonly string[] }) {
  const words = settingsWords(c);
  const number = (n: number) => n.toLocaleString(c.get('language'));
  return (
    <Table
      box="sheet after"
      name={words.tabs.relays}
      columns={[words.relay, words.relayName, words.weight, words.encryption, words.login, words.limits]}
      kind="stack staff-table"
    >
      {urls.map(url => {
        // Of the URL only what is no secret.
        const { host, port, secure, tls, auth } = parseRelay(url);
        const { name, weight } = relayChoice(url);
        const { perSecond, perDay, connections } = relayLimits(url);
        const limits = [
          perSecond !== null && words.perSecond(number(perSecond)),
          perDay !== null && words.perDay(number(perDay)),
          connections !== null && words.connections(number(connections)),
        ].filter(Boolean);
        return (
          <tr>
            <td class="staff-who">
              {host}:{port}
            </td>
            <td data-label={words.relayName}>{name ?? '–'}</td>
            <td data-label={words.weight}>{weight === 0 ? words.standBy : number(weight)}</td>
            <td data-label={words.encryption}>{secure ? 'TLS' : `STARTTLS (${tls})`}</td>
            <td data-label={words.login}>{auth ? words.loginYes : words.loginNo}</td>
            <td data-label={words.limits}>{limits.length > 0 ? limits.join(', ') : words.noLimits}</td>
          </tr>
        );
      })}
    </Table>
  );
}

let testing: Promise<Finding[]> | undefined;

async function pressTest(c: ConsoleContext, site: Console): Promise<Response> {
  const { sql, config } = site.wiring;
  // Whoever presses while a test is under way sees what that one finds.
  testing ??= checkRelays(config.smtpUrls).finally(() => {
    testing = undefined;
  });
  const findings = await testing;
  const count = (state: string) => findings.filter(each => each.state === state).length;
  await insertAudit(sql, c.get('staff'), {
    act: 'relay.test',
    subject: 'relays',
    detail: { fine: count('ok'), warned: count('warn'), failed: count('fail') },
  });
  return relaysPage(c, site, findings);
}

function backupsPage(c: ConsoleContext, site: Console) {
  const words = settingsWords(c);
  const run = (command: string) => `npm run -s broadsheet -- ${command}`;
  const commands: [label: string, command: string][] = [
    [words.backupMake, run('backup --out broadsheet.backup.gz')],
    [words.backupCheck, run('restore broadsheet.backup.gz --check')],
    [words.backupRestore, run('restore broadsheet.backup.gz')],
    [words.backupAside, run('restore broadsheet.backup.gz --force')],
    [words.backupUndo, run('restore --undo')],
  ];
  return sendPage(
    c,
    <Settings c={c} site={site} tab="backups" title={words.tabs.backups} scripts={['copy']}>
      <p class="staff-intro">{words.backupsText}</p>
      {commands.map(([label, command]) => (
        <section class="part">
          <h2>{label}</h2>
          <div class="settings-record">
            <code>{command}</code>
            <button type="button" data-copy={command} data-copied={words.copied} hidden>
              {words.copy}
            </button>
          </div>
        </section>
      ))}
      <section class="part">
        <h2>{words.backupKeep}</h2>
        <ul class="settings-list">
          <li>{words.backupKeepKeys}</li>
          <li>{words.backupKeepDkim}</li>
          <li>{words.backupKeepEnv}</li>
        </ul>
        <p class="quiet small after">{words.backupAddresses}</p>
      </section>
    </Settings>,
  );
}
