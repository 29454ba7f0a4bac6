/**
 * English words of `doctor`, by what was found. The first is what was found, the rest what to do: records and commands come as values or
 * stand in lines of their own, the same in every language.
 */
import type { KeyTrouble } from '../personalise/dkim-keys.ts';

export type Said = [found: string, ...fix: string[]];

/** What is wrong with how a relay answers. */
export type RelayTrouble = 'certificate' | 'login' | 'silent' | 'unknown' | 'other';

/** What is wrong with an SPF record: a term, or another domain that the record of `domain` includes. */
export interface SpfProblem {
  kind: 'term' | 'address' | 'include-of-nothing' | 'include-none' | 'include-several';
  about: string;
  domain: string;
}

const publish = (record: string) => ['Publish:', record];
const dmarc = (record: string, at: string | undefined) => `${record}${at === undefined ? '' : ` (of ${at})`}`;
const spf = (record: string, lookups: number, most: number) => `${record} (${lookups} of ${most} look-ups)`;
const until = (days: number | undefined) => (days === undefined ? '' : `, certificate for ${days} more days`);
const server = (version: string, isEmbedded: boolean) => `${version}${isEmbedded ? ' (embedded)' : ''}`;
const room = (us: number, now: number, need: number) =>
  `${us} for us, ${now} open now; our processes take up to ${need}`;
const disk = (free: string, total: string, isEmbedded: boolean) =>
  `${free} of ${total} free at DATA_DIR${isEmbedded ? ', where Postgres keeps its data' : ''}`;
const apart = (seconds: number) => `${seconds < 0.1 ? 'less than 0.1' : seconds.toFixed(1)} s apart`;
const latency = (ms: number) => `${ms.toFixed(1)} ms to an answer`;
const reverseName = 'Whoever gives you the address sets its reverse name (a server’s hoster: “reverse DNS”), ';

const names = {
  relays: () => 'Relays',
  'sending-domains': () => 'Sending domains',
  'sending-domain': (domain: string) => `Sending domain ${domain}`,
  addresses: () => 'Addresses',
  machine: () => 'Machine',
  settings: () => 'Settings',
  'postgres-and-redis': () => 'Postgres and Redis',

  key: () => 'Key',
  'key-file': () => 'Key file',
  publication: () => 'Publication',
  'tls-of': (relay: string) => `${relay} TLS`,
  'spf-of': (domain: string) => `SPF of ${domain}`,
  'spf-names-us': () => 'SPF names our relay',
  alignment: () => 'DMARC alignment',
  'ptr-of': (ip: string) => `PTR of ${ip}`,
  'mx-of': (domain: string) => `MX of ${domain}`,
  version: () => 'Version',
  durability: () => 'Durability',
  autovacuum: () => 'Autovacuum',
  'time-zone': () => 'Time zone',
  connections: () => 'Connections',
  pooler: () => 'Pooler',
  server: () => 'Server',
  eviction: () => 'Eviction',
  memory: () => 'Memory',
  persistence: () => 'Persistence',
  latency: () => 'Latency',
  /** @param of undefined: the web server */
  'clock-of': (of: string | undefined) => `Clock of ${of ?? 'the web server'}`,
  disk: () => 'Disk',
  'web-server': () => 'Web server',
};

const spfProblems: Record<SpfProblem['kind'], (about: string, domain: string) => string> = {
  term: (about, domain) => `“${about}” of ${domain} is no term of SPF`,
  address: (about, domain) => `“${about}” of ${domain} is no address`,
  'include-of-nothing': (_, domain) => `an include of ${domain} names no domain`,
  'include-none': (about, domain) => `${domain} includes ${about}, which has no SPF record`,
  'include-several': (about, domain) => `${domain} includes ${about}, which has several SPF records`,
};

const relayAdvice: Record<RelayTrouble, string> = {
  certificate:
    'The relay’s certificate is not good for this name: use the name that it is for in SMTP_URL, or have it renewed. tls=opportunistic sends without asking for one.',
  login: 'Check user and password in SMTP_URL (a % in either is written %25).',
  silent: 'Nothing answers: many hosters close port 25 and some 587. Try 465 with smtps://, 2525, or ask the hoster.',
  unknown: 'The host’s name is not known: check it in SMTP_URL.',
  other: 'Check host, port, user, password and ?tls= in SMTP_URL.',
};

const sendingWords = {
  'relay-unset': () => [
    'not set: nothing can be sent',
    'Set SMTP_URL, for example smtp://user:password@relay.example:587',
  ],
  'relay-away': (words: string, trouble: RelayTrouble) => [words, relayAdvice[trouble]],
  'relay-takes': (isLoggedIn: boolean, offers: readonly string[]) => [
    `${isLoggedIn ? 'takes our login' : 'answers, without a login'}; offers ${offers.join(', ') || 'no extension that we use'}`,
  ],
  'relay-one-by-one': () => [
    'does not offer PIPELINING',
    'Sending works, but each message costs three more round trips: use a relay that offers it.',
  ],
  'relay-small': (octets: number, largest: number) => [
    `takes ${octets} bytes a message; a long issue may have ${largest}`,
    'Raise the relay’s limit (Postfix: message_size_limit).',
  ],
  'relay-ascii': () => [
    'does not offer SMTPUTF8: readers whose address has letters beyond ASCII before the @ are left out',
  ],
  'tls-needless': () => ['none, and none needed: the relay is on this machine'],
  'tls-none': () => ['none: mail and login can be read on the way', 'Use smtps://, or leave out ?tls=off.'],
  'tls-unverified': (protocol: string) => [
    `${protocol}, but nobody we trust vouches for the certificate`,
    'Anyone on the way could stand in for the relay: use a certificate for its name and ?tls=require.',
  ],
  'tls-ends': (protocol: string, days: number) => [
    `${protocol}${until(days)}`,
    'Renew it: sending stops on the day it ends.',
  ],
  'tls-good': (protocol: string, days: number | undefined) => [`${protocol}${until(days)}`],

  'key-none': () => [
    'none: mail leaves unsigned, and large providers refuse it',
    'Make one:',
    'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out dkim.pem',
    'Then set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY_FILE, and ask doctor again what to publish.',
  ],
  /** @param about a value that goes with it @param english the error's own words */
  'key-unusable': (_trouble: KeyTrouble, _about: string, english: string) => [
    english,
    'Point DKIM_PRIVATE_KEY_FILE to a PEM RSA key of 2048 bits.',
  ],
  'key-short': (bits: number) => [
    `the DKIM key has ${bits} bits; make one of 2048 (RFC 8301)`,
    'Make a new one of 2048 bits under a new selector, publish it, then switch.',
  ],
  'key-good': (bits: number, hasEd25519: boolean) => [`RSA of ${bits} bits${hasEd25519 ? ', and Ed25519' : ''}`],
  'published-none': (record: string) => ['no key is published: signatures fail', ...publish(record)],
  'published-several': (n: number, record: string) => [
    `${n} records: receivers may take the wrong one`,
    'Keep one:',
    record,
  ],
  'published-revoked': (record: string) => ['the published key is revoked (p= is empty)', ...publish(record)],
  /** @param bits of it, to recognise it by */
  'published-other': (bits: number | undefined, record: string) => [
    `another key is published${bits === undefined ? '' : ` (RSA of ${bits} bits)`}: signatures fail`,
    ...publish(record),
  ],
  'published-kind': (kind: string, record: string) => [`k=${kind} is not the kind of our key`, ...publish(record)],
  'published-hash': (hashes: string, record: string) => [`h=${hashes} does not allow sha256`, ...publish(record)],
  'published-trial': (record: string) => ['t=y: receivers treat signed mail as unsigned', ...publish(record)],
  'published-same': () => ['published, and the same as ours'],
} satisfies Sentences;

const domainWords = {
  'dns-silent': (code: string) => [
    `DNS did not answer (${code})`,
    'Run doctor where DNS works, or name servers in DNS_SERVERS.',
  ],
  'dns-endless': () => ['not asked: the records lead to too many questions', 'Make the SPF record shorter.'],
  'publication-unknown': (slug: string) => [
    `no publication ${slug}`,
    'Create it with: broadsheet publication FILE.yaml',
  ],
  'publication-none': () => ['none yet: create one with broadsheet publication FILE.yaml'],
  'dkim-foreign': (keys: string, domain: string) => [
    `DKIM_DOMAIN ${keys} is not the domain of From ${domain}: its issues are held`,
    `Set DKIM_DOMAIN=${domain} with a key of its own, or change the From address.`,
  ],

  'spf-none': (record: string) => ['no record', ...publish(record)],
  'spf-several': (n: number, record: string) => [`${n} records: receivers take none`, 'Make them one:', record],
  'spf-lookups': (most: number) => [
    `it takes more than ${most} look-ups: receivers take it for broken`,
    'Take out includes of services that no longer send for you, or put their addresses in as ip4: and ip6:.',
  ],
  'spf-broken': (problems: readonly SpfProblem[]) => [
    problems.map(({ kind, about, domain }) => spfProblems[kind](about, domain)).join('; '),
    'Correct the record: as it is, receivers take it for broken.',
  ],
  'spf-everybody': (record: string, lookups: number, most: number, stricter: string) => [
    `${spf(record, lookups, most)}: it lets everybody send`,
    ...publish(stricter),
  ],
  'spf-voids': (n: number, most: number) => [
    `${n} of its names do not exist; receivers allow ${most}`,
    'Take them out.',
  ],
  'spf-unsaid': (record: string, lookups: number, most: number, stricter: string) => [
    `${spf(record, lookups, most)}: it says nothing of everybody else`,
    ...publish(stricter),
  ],
  'spf-good': (record: string, lookups: number, most: number) => [spf(record, lookups, most)],
  'spf-forbids': (ips: readonly string[], domain: string, record: string) => [
    `${ips.join(', ')} may not send for ${domain}`,
    ...publish(record),
  ],
  'spf-covers': (who: readonly string[]) => [who.join(', ')],
  /** @param isKnown whether we know what customers of the relay's provider publish */
  'spf-unnamed': (domain: string, host: string, isKnown: boolean, record: string) => [
    `${domain} seems not to let ${host} send`,
    `Unless the relay uses a return path of its own, publish${isKnown ? ':' : ' what its provider names, such as:'}`,
    record,
  ],

  'dmarc-none': (record: string) => ['no record: large providers refuse bulk mail without one', ...publish(record)],
  'dmarc-several': (n: number, record: string) => [`${n} records: receivers take none`, 'Keep one:', record],
  /** @param at where the record stands, when it is a domain above */
  'dmarc-no-policy': (found: string, at: string | undefined, record: string) => [
    `${dmarc(found, at)}: it has no policy`,
    ...publish(record),
  ],
  'dmarc-no-reports': (found: string, at: string | undefined, domain: string) => [
    dmarc(found, at),
    `Without rua= nobody tells you who sends in your name. Add: rua=mailto:dmarc@${domain}`,
  ],
  'dmarc-watching': (found: string, at: string | undefined) => [
    `${dmarc(found, at)}; once its reports are clean, p=quarantine keeps forgers out`,
  ],
  'dmarc-good': (found: string, at: string | undefined) => [dmarc(found, at)],
  aligned: (signing: string, returns: string | undefined) => [
    `our signature is ${signing}’s${returns === undefined ? '' : `, our return path ${returns}’s`}`,
  ],
  'aligned-strictly': (domain: string, signing: string) => [
    `adkim=s asks for signatures of ${domain} itself; ours are ${signing}’s`,
    `Set DKIM_DOMAIN=${domain}, or publish adkim=r.`,
  ],
  'aligned-not': (domain: string) => [
    `neither signature nor return path belongs to ${domain}`,
    `Sign with a key of ${domain} (DKIM_DOMAIN).`,
  ],
  'aligned-by-path': (domain: string, returns: string) => [
    `only by the return path ${returns}: forwarded mail fails`,
    `Sign with a key of ${domain} (DKIM_DOMAIN).`,
  ],
  'bimi-none': () => ['no record; it would show your logo beside your mail in some inboxes'],
  'bimi-declined': (record: string) => [`${record}: it declines to show a logo`],
  'bimi-logo': (logo: string, record: string) => [`l=${logo} is no https address of an SVG`, ...publish(record)],
  'bimi-proof': () => ['a= is no https address', 'Give the certificate’s https address in a=.'],
  'bimi-policy': () => [
    'inboxes show it only under a DMARC policy that is enforced',
    'Publish p=quarantine or p=reject, without pct=.',
  ],
  'bimi-good': (record: string) => [record],

  'ptr-theirs': () => ['the relay’s provider sends from addresses of its own, and sees to them'],
  'ptr-unseen': () => [
    'the relay is on this machine, whose public address cannot be seen from here',
    'Set SENDING_IPS to the addresses that mail leaves from.',
  ],
  'ptr-none': () => ['no name: large providers refuse mail from it', `${reverseName}for example to mail.your-domain.`],
  'ptr-lost': (name: string, record: string) => [`its name ${name} does not lead back to it`, ...publish(record)],
  'ptr-made': (name: string) => [
    `${name}: a name made from the address, as of a home connection`,
    `${reverseName}to one of your domain.`,
  ],
  'ptr-good': (name: string) => [`${name}, and back`],
  'mx-needless': () => ['no intake runs and BOUNCE_DOMAIN is not set: bounces come by webhook, or not at all'],
  'mx-null': (record: string) => [
    'a null MX: the domain takes no mail, so no bounce comes back',
    'Publish, with your mail server’s name:',
    record,
  ],
  'mx-implicit': (address: string, record: string) => [
    `none; mail goes to the domain’s own address ${address}`,
    'Publish, with your mail server’s name:',
    record,
  ],
  'mx-none': (record: string) => [
    'none: no bounce comes back, and some receivers refuse mail from a domain that takes none',
    'Publish, with your mail server’s name:',
    record,
  ],
  'mx-lost': (hosts: readonly string[]) => [
    `${hosts.join(', ')} has no address`,
    `Publish its A record: ${hosts[0]}. 3600 IN A <address>`,
  ],
  'mx-part-lost': (hosts: readonly string[]) => [
    `${hosts.join(', ')} has no address`,
    'Publish its A record, or take it out.',
  ],
  'mx-good': (hosts: readonly string[]) => [hosts.join(', ')],
} satisfies Sentences;

const serverWords = {
  /** Commands need both; the error says why one cannot be used. */
  'cannot-start': (message: string, help: string) => [message, help],

  'postgres-old': (version: string, isEmbedded: boolean) => [server(version, isEmbedded), 'Use Postgres 15 or newer.'],
  'postgres-encoding': (version: string, isEmbedded: boolean, encoding: string) => [
    `${server(version, isEmbedded)}; the database is in ${encoding}`,
    'Make the database anew: create database … encoding UTF8',
  ],
  'postgres-version': (version: string, isEmbedded: boolean) => [server(version, isEmbedded)],
  /** @param mend a command for each */
  'durability-off': (off: readonly string[], mend: readonly string[]) => [
    `${off.join(' and ')} off: a power cut can lose the ledger, and readers get an issue twice`,
    ...mend,
  ],
  'durability-late': (mend: string) => [
    'synchronous_commit off: the last moment before a power cut is lost, and its readers may get an issue twice',
    mend,
  ],
  'durability-good': (commit: string) => [`fsync, full_page_writes on; synchronous_commit ${commit}`],
  'autovacuum-on': () => ['on'],
  'autovacuum-off': (mend: string) => ['off: the ledger grows and slows down', mend],
  'time-zone': (zone: string) => [`${zone}; days are counted in UTC all the same`],
  'connections-enough': (us: number, now: number, need: number) => [room(us, now, need)],
  'connections-few': (us: number, now: number, need: number, enough: number) => [
    room(us, now, need),
    `Raise max_connections to ${enough} or more, run fewer processes, or put PgBouncer between.`,
  ],
  'pooler-untold': (words: string) => [`cannot be told: ${words}`, 'Run doctor again.'],
  'pooler-none': () => ['none in transaction mode'],
  'pooler-good': (prepares: boolean) => [
    `in transaction mode; ${prepares ? 'prepared statements work through it' : 'no prepared statements (prepare=off)'}`,
  ],
  'pooler-forgets': () => [
    'prepared statements get lost in it',
    'Set max_prepared_statements in PgBouncer 1.21 or newer, or add ?prepare=off to DATABASE_URL.',
  ],

  'redis-away': (words: string) => [
    words,
    'Check REDIS_URL and that Redis runs: without it a send is stored, and waits.',
  ],
  'redis-old': (name: string, isEmbedded: boolean) => [server(name, isEmbedded), 'Use Redis 7 or newer, or Valkey.'],
  'redis-version': (name: string, isEmbedded: boolean) => [server(name, isEmbedded)],
  'eviction-none': () => ['maxmemory-policy noeviction'],
  'eviction-on': (policy: string | undefined) => [
    `maxmemory-policy ${policy ?? 'not told'}: queued work may be thrown away`,
    'maxmemory-policy noeviction',
  ],
  'memory-tight': (percent: number) => [
    `${percent} % of maxmemory is used; when it is full sends stop`,
    'Raise maxmemory, or find out who else keeps things there.',
  ],
  /** @param percent undefined: it has no limit */
  'memory-enough': (percent: number | undefined) => [
    percent === undefined ? 'no limit of its own' : `${percent} % of maxmemory used`,
  ],
  'persistence-on': () => ['append-only file'],
  'persistence-off': () => [
    'no append-only file',
    'appendonly yes',
    'Without it a restart costs a pause; no reader is lost.',
  ],
  'latency-good': (ms: number) => [latency(ms)],
  'latency-slow': (ms: number) => [latency(ms), 'Put workers and Redis near each other: each permit to send asks it.'],

  'clock-untold': () => ['it tells no time'],
  'clock-silent': (words: string) => [`it does not answer: ${words}`],
  'clock-near': (seconds: number) => [apart(seconds)],
  'clock-apart': (seconds: number) => [
    apart(seconds),
    'Run a time service (systemd-timesyncd, chrony) on both machines.',
  ],
  'disk-unread': (words: string) => [words, 'Check that DATA_DIR is there and can be read.'],
  'disk-enough': (free: string, total: string, isEmbedded: boolean) => [disk(free, total, isEmbedded)],
  'disk-short': (free: string, total: string, isEmbedded: boolean) => [
    disk(free, total, isEmbedded),
    `Free some, or move DATA_DIR: ${isEmbedded ? 'a full disk stops Postgres in the middle of a send; a million readers take about 0.5 GB an issue' : 'generated keys lie there'}.`,
  ],
} satisfies Sentences;

const settingWords = {
  'url-local': (url: string) => [
    `${url}: links work on this machine only`,
    'Set PUBLIC_URL to where readers reach the web server, such as https://news.example.org',
  ],
  'url-plain': (url: string) => [
    `${url} is not https: one-click unsubscribe needs it (RFC 8058)`,
    'Put a TLS proxy before the web server, and https:// in PUBLIC_URL.',
  ],
  'url-good': (url: string) => [url],
  'web-away': (url: string, words: string) => [
    `${url} cannot be reached from here: ${words}`,
    'Start it (broadsheet serve), and check the proxy, its certificate and DNS.',
  ],
  'web-elsewhere': (location: string | undefined) => [
    `it sends us on to ${location ?? 'elsewhere'}`,
    'Put the address where it ends in PUBLIC_URL: a one-click unsubscribe follows no redirect.',
  ],
  'web-other': (status: number) => [
    `something else answers there (HTTP ${status})`,
    'Let the proxy hand all of PUBLIC_URL to the web server.',
  ],
  'web-good': () => ['answers as ours'],
  'secrets-ours': () => ['made by ourselves, and kept in DATA_DIR'],
  'secrets-weak': () => [
    'the first looks guessable: whoever guesses it unsubscribes anybody',
    'Put a new one in front, and keep the old behind it:',
    'openssl rand -base64 48',
  ],
  'secrets-old-weak': () => [
    'an older one looks guessable; links that it signed still work',
    'Take it out when no mail with its links is read any more.',
  ],
  'secrets-good': (n: number) => [n === 1 ? 'one, and it looks random' : `${n}, and they look random`],
  'key-file-open': (file: string) => [`${file} can be read by everybody on this machine`, `chmod 600 ${file}`],
  'key-file-good': (file: string) => [`${file} is ours alone`],
} satisfies Sentences;

type Sentences = Record<string, (...values: never[]) => Said>;

const sentences = { ...sendingWords, ...domainWords, ...serverWords, ...settingWords };

export type NameWords = { [C in keyof typeof names]: (...values: Parameters<(typeof names)[C]>) => string };
export type NameCode = keyof NameWords;
export type FindingWords = { [C in keyof typeof sentences]: (...values: Parameters<(typeof sentences)[C]>) => Said };
export type FindingCode = keyof FindingWords;

export interface DoctorWords {
  names: NameWords;
  findings: FindingWords;
}

export const en: DoctorWords = { names, findings: sentences };
