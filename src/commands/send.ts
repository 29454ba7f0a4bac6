/** `send`: checks an issue, stores the send, and with --wait sees it through. */
import { ensureSubscribers } from '../db/subscribers.ts';
import { listTerms } from '../db/terms.ts';
import { countWorkers, silentMs } from '../db/workers.ts';
import { readDkim } from '../deliver/presses.ts';
import { Relays, testRelays } from '../deliver/relays.ts';
import { startSink } from '../deliver/sink.ts';
import { checkCodes, codeWarningText } from '../enqueue/codes.ts';
import { control, requireIssue } from '../enqueue/control.ts';
import { type LocalSend, localSend, timeOfDay } from '../enqueue/local-time.ts';
import { submit } from '../enqueue/submit.ts';
import { parseZonedTime } from '../enqueue/zoned-time.ts';
import { BroadsheetError } from '../errors.ts';
import type { KnownTerm } from '../model/terms.ts';
import { type TrialWish, trialWishSchema } from '../model/trial.ts';
import { parseAddress } from '../subscribers/address.ts';
import type { Wiring } from '../wiring.ts';
import { requirePublication } from './lists.ts';
import { lookUpMostLiked } from './most-liked.ts';
import { type Output, problemLines } from './output.ts';
import { isError, type Prepared, prepare, readSource } from './prepare.ts';
import { askedToEnd, type Crew, startCrew } from './processes.ts';
import { accountingLines, follow, hasEnded } from './progress.ts';
import { describeRehearsal, measurePace, rehearsalLines } from './rehearsal.ts';
import { withWiring } from './wired.ts';

export interface SendOptions {
  publication: string;
  at?: string;
  test?: string[];
  rehearse?: boolean;
  wait?: boolean;
  again?: boolean;
  allowLarge?: boolean;
  /** `08:00`: of each reader's own day, which `at` names. */
  localTime?: string;
  subject?: string[];
  trialShare?: string;
  trialMeasure?: string;
  trialHours?: string;
}

export async function sendCommand(file: string, options: SendOptions, output: Output): Promise<number> {
  return withWiring('send', wiring => send(wiring, file, options, output));
}

/** @returns exit code: 1 when not everyone was reached by the end of waiting */
export async function send(wiring: Wiring, file: string, options: SendOptions, output: Output): Promise<number> {
  const { config } = wiring;
  const { id: publicationId, publication } = await requirePublication(wiring, options.publication);
  const { at, localTime } = whenOf(options, publication.timeZone);
  const trial = trialOf(options);
  const knownTerms = await termsBefore(wiring.sql, publicationId);
  const prepared = await checkedText(wiring, file, publication, options.allowLarge ?? false, {
    at: localTime?.at ?? at,
    knownTerms,
    subjects: trial?.subjects,
  });
  const sink = options.rehearse ? await startSink() : undefined;
  try {
    // A name that no relay has is told now, not when the scheduled time comes.
    if (!sink) new Relays(config.smtpUrls).named(publication.delivery.relay);
    if (!at && !sink) {
      for (const trouble of await testRelays(config.smtpUrls, publication.delivery.relay))
        wiring.log.warn({ trouble }, 'a relay cannot be used; the others are');
    }
    const pace = sink && config.smtpUrls[0] ? measurePace(config.smtpUrls[0]) : undefined;
    if (!options.test)
      for (const warning of await checkCodes(wiring.sql, publicationId, prepared.issue, localTime?.at ?? at))
        process.stderr.write(`warning: ${codeWarningText(warning)}\n`);
    const testReaders = options.test ? await testSubscribers(wiring, options.test) : undefined;
    const issue = await submit(wiring, {
      publicationId,
      source: prepared.source,
      issue: prepared.issue,
      edition: prepared.edition,
      slug: prepared.slug,
      again: options.again ?? false,
      ...(localTime ? { localTime } : at ? { at } : {}),
      trial,
      ...(testReaders ? { testReaders } : {}),
      ...(sink ? { rehearsalRelay: sink.url } : {}),
    });
    // A rehearsal's sink lives as long as this command.
    if (!options.wait && !sink) {
      output.result({ issue: issue.slug, state: issue.state }, [
        `Issue ${issue.slug}: ${issue.state}${at ? ` for ${zonedTime(at, publication.timeZone)}` : ''}. Follow it: broadsheet status ${issue.slug}`,
        ...(localTime
          ? [
              `  Each reader gets it at ${timeOfDay(localTime.local.minutes)} of ${localTime.local.day}, by their own clock.`,
            ]
          : []),
      ]);
      return 0;
    }
    const rehearsed = sink && {
      describe: async () =>
        describeRehearsal(wiring, {
          issue: await requireIssue(wiring.sql, String(issue.id)),
          publication,
          edition: prepared.edition,
          sink: sink.report(),
          pace: await pace,
        }),
    };
    return await waitFor(wiring, issue.id, output, rehearsed);
  } finally {
    await sink?.close();
  }
}

/** @throws BroadsheetError USAGE */
function whenOf(options: SendOptions, timeZone: string): { at?: Date | undefined; localTime?: LocalSend | undefined } {
  if (options.localTime !== undefined) {
    const localTime = localSend(options.localTime, options.at, timeZone);
    return { at: localTime.startAt, localTime };
  }
  if (!options.at) return {};
  const at = parseZonedTime(options.at, timeZone);
  if (at.getTime() < Date.now() - 60_000)
    throw new BroadsheetError('USAGE', `${at.toISOString()} is in the past`, { help: 'Leave --at out to send now.' });
  return { at };
}

/** @throws BroadsheetError USAGE */
function trialOf({ subject, trialShare, trialMeasure, trialHours }: SendOptions): TrialWish | undefined {
  const isWished = [subject, trialShare, trialMeasure, trialHours].some(option => option !== undefined);
  if (!isWished) return undefined;
  const wish = trialWishSchema.safeParse({
    subjects: subject ?? [],
    ...(trialShare !== undefined && { share: Number(trialShare) }),
    ...(trialMeasure !== undefined && { measure: trialMeasure }),
    ...(trialHours !== undefined && { hours: Number(trialHours) }),
  });
  if (wish.success) return wish.data;
  const { path, message } = wish.error.issues[0]!;
  throw new BroadsheetError('USAGE', `trial, ${path.join(' ')}: ${message}`, {
    help: 'A trial has two to four --subject, --trial-share 5 to 50 (per cent), --trial-measure clicks or likes, --trial-hours 1 to 24.',
  });
}

function zonedTime(at: Date, timeZone: string): string {
  return `${at.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })} ${timeZone}`;
}

/**
 * A file as it may be sent: composed, rendered, checked; what the checks say goes to stderr.
 * @param at when it is to go out, if not now
 * @param issueId of the issue that it corrects
 * @throws BroadsheetError ISSUE_REFUSED, FILE_UNREADABLE, DKIM_INVALID
 */
export async function checkedText(
  wiring: Pick<Wiring, 'config' | 'sql'>,
  file: string,
  publication: Parameters<typeof prepare>[0]['publication'],
  allowLarge: boolean,
  {
    issueId,
    ...more
  }: Pick<Parameters<typeof prepare>[0], 'at' | 'knownTerms' | 'subjects'> & { issueId?: number } = {},
): Promise<Prepared> {
  const { config } = wiring;
  const dkim = readDkim(config);
  if (!dkim)
    process.stderr.write(
      'warning: DKIM is not configured; mail leaves unsigned, and large mailbox providers refuse it\n',
    );
  for (const warning of dkim?.warnings ?? []) process.stderr.write(`warning: ${warning}\n`);
  const source = await readSource(file);
  const mostLiked = await lookUpMostLiked(wiring, source, publication, issueId);
  const prepared = await prepare({ source, publication, config, dkim, allowLarge, mostLiked, ...more });
  for (const line of problemLines(prepared.problems, file)) process.stderr.write(`${line}\n`);
  const errors = prepared.problems.filter(isError);
  if (errors.length > 0) {
    const [first] = errors;
    throw new BroadsheetError('ISSUE_REFUSED', `${errors.length} errors, the first: ${first!.message}`, {
      file,
      ...(first!.line ? { line: first!.line } : {}),
    });
  }
  return prepared;
}

/** What a publication's issues explained, newest first. @param but an issue whose own terms do not count */
export async function termsBefore(sql: Wiring['sql'], publicationId: number, but?: number): Promise<KnownTerm[]> {
  const terms = await listTerms(sql, publicationId);
  return terms
    .reverse()
    .filter(one => one.issueId !== but)
    .map(({ term, translation, abbreviation, issueSlug, issueNumber }) => ({
      term,
      translation,
      abbreviation,
      issue: issueNumber === null ? `issue ${issueSlug}` : `issue ${issueNumber}`,
    }));
}

async function testSubscribers(wiring: Wiring, texts: string[]): Promise<number[]> {
  const addresses = texts.map(text => {
    const address = parseAddress(text);
    if ('problem' in address) throw new BroadsheetError('ADDRESS_INVALID', `${text}: ${address.problem}`);
    return address;
  });
  return ensureSubscribers(wiring.sql, wiring.hasher, addresses);
}

/** Brings its own workers when none is at work anywhere, now or later on. */
async function waitFor(
  wiring: Wiring,
  issueId: number,
  output: Output,
  rehearsed: { describe(): ReturnType<typeof describeRehearsal> } | undefined,
): Promise<number> {
  const { sql, log } = wiring;
  let isEnding = false;
  askedToEnd().then(() => {
    isEnding = true;
  });
  let crew: Crew | undefined;
  const man = async () => {
    if (!crew && !isEnding && (await countWorkers(sql, 'deliver-batch', silentMs / 3)) === 0)
      crew = await startCrew(log);
  };
  try {
    await man();
    const accounting = await follow(sql, issueId, output.json, () => isEnding, man);
    const isOver = hasEnded(accounting);
    // Its sink ends with this command: what is left of a rehearsal could never be delivered.
    if (rehearsed && !isOver) await control(wiring, String(issueId), 'cancel');
    const rehearsal = await rehearsed?.describe();
    output.result({ ...accounting, ...rehearsal }, [
      ...accountingLines(accounting),
      ...(rehearsal ? rehearsalLines(rehearsal) : []),
      ...(isOver || rehearsal ? [] : ['  Stopped waiting; the send goes on wherever workers run (broadsheet work).']),
    ]);
    return accounting.state === 'sent' && accounting.unknown === 0 ? 0 : 1;
  } finally {
    await crew?.stop();
  }
}
