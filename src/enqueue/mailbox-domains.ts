/**
 * Finds the mailbox provider behind readers' own domains by their MX records, before an audience is cut into batches (rule 1.9: throttled per
 * provider, not per domain). A convenience: whatever fails costs seconds at most, and such readers go in lane `other`.
 */
import { Resolver } from 'node:dns/promises';
import type { Config } from '../config.ts';
import type { Sql } from '../db/client.ts';
import { type DomainAnswer, domainsToLookUp, keepDomainLanes } from '../db/mailbox-domains.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import { domainsOf, type Lanes, laneOfMx } from '../model/lanes.ts';

type ResolveMx = (domain: string) => Promise<{ exchange: string; priority: number }[]>;

/** Domains looked up for one send, and how many at once. The rest have their turn with later sends. */
const bounds = { domains: 500, atOnce: 50, eachMs: 3000, allMs: 10_000 };
/** Asked before all others: when none of these gets an answer, there is no DNS here. */
const atFirst = 5;

/** What DNS says of a domain that has no MX: an answer. Everything else (refused, timed out, server failure) is none. */
const negative = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/**
 * Looks up the audience's domains that are neither known nor looked up lately, those with most readers first. Never rejects.
 * A null MX (RFC 7505) or no such domain is no reason to leave a reader out: the relay's answer is.
 * @param deps `resolveMx` instead of the system's DNS servers; `config.mxLookup` false: nothing is asked
 */
export async function lookUpDomains(
  deps: { sql: Sql; lanes: Lanes; log: Logger; config?: Pick<Config, 'mxLookup'>; resolveMx?: ResolveMx },
  publicationId: number,
): Promise<void> {
  const { sql, lanes, log } = deps;
  if (deps.config?.mxLookup === false) return;
  try {
    const domains = await domainsToLookUp(sql, publicationId, Object.keys(domainsOf(lanes)), bounds.domains);
    if (domains.length === 0) return;
    const resolver = new Resolver({ timeout: 1500, tries: 2 });
    const answers = await ask(domains, lanes, deps.resolveMx ?? (domain => resolver.resolveMx(domain)));
    // What is still under way would keep a finished process alive.
    resolver.cancel();
    if (answers.length > 0) await keepDomainLanes(sql, answers);
    if (answers.length < domains.length) {
      log.info({ asked: domains.length, found: answers.length }, 'MX records were not looked up for all domains');
    }
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'MX records were not looked up');
  }
}

/** @returns what was found out in time; nothing when DNS answers nobody */
async function ask(domains: readonly string[], lanes: Lanes, resolveMx: ResolveMx): Promise<DomainAnswer[]> {
  const endsAt = performance.now() + bounds.allMs;
  const first = await askEach(domains.slice(0, atFirst), endsAt, domain => laneOf(domain, lanes, resolveMx));
  if (first.every(answer => answer.lane === undefined)) return [];
  const rest = await askEach(domains.slice(atFirst), endsAt, domain => laneOf(domain, lanes, resolveMx));
  return [...first, ...rest];
}

/** Asks for all, some at once, until `endsAt` (`performance.now()`). A domain that gave no answer in time is among the results. */
async function askEach(
  domains: readonly string[],
  endsAt: number,
  find: (domain: string) => Promise<DomainAnswer['lane']>,
): Promise<DomainAnswer[]> {
  const queue = domains.values();
  const answers: DomainAnswer[] = [];
  const worker = async () => {
    for (const domain of queue) {
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) return;
      const lane = await within(Math.min(bounds.eachMs, leftMs), find(domain));
      // Cut short by the end of it all: says nothing about this domain.
      if (lane === undefined && performance.now() >= endsAt) return;
      answers.push({ domain, lane });
    }
  };
  await Promise.all(Array.from({ length: Math.min(bounds.atOnce, domains.length) }, worker));
  return answers;
}

async function laneOf(domain: string, lanes: Lanes, resolveMx: ResolveMx): Promise<string | null | undefined> {
  try {
    const records = await resolveMx(domain);
    const hosts = records.toSorted((a, b) => a.priority - b.priority).map(record => record.exchange);
    return laneOfMx(lanes, hosts) ?? null;
  } catch (error) {
    return negative.has((error as NodeJS.ErrnoException).code ?? '') ? null : undefined;
  }
}

/** @param work never rejects @returns its result, or undefined when it takes longer */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(resolve, ms, undefined);
  });
  const result = await Promise.race([work, late]);
  clearTimeout(timer);
  return result;
}
