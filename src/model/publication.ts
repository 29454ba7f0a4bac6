/** A publication: a newsletter with its sender, look, language and law. The YAML of `broadsheet publication FILE` is parsed here. */
import { z } from 'zod';
import { longestTemplate, templateNames } from './template-names.ts';

/** Mailbox providers whose domains nobody may use as From of a bulk sender (rule 1.2): their DMARC policy rejects it. */
const freeMailDomains = [
  'gmail.com',
  'googlemail.com',
  'naver.com',
  'daum.net',
  'hanmail.net',
  'kakao.com',
  'nate.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'msn.com',
  'yahoo.com',
  'yahoo.co.jp',
  'ymail.com',
  'aol.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  'mail.ru',
  'yandex.ru',
  'qq.com',
  '163.com',
  'proton.me',
  'protonmail.com',
  'zoho.com',
];

/** One mailbox by a strict grammar: dot-atom local part (RFC 5321 §4.1.2), a dotted host name; no quotes, comments, controls. */
export const addressPattern =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/**
 * A reader's mailbox may have letters, digits and their marks of any script before the @ (RFC 6531 §3.3, kept narrow); such an address is
 * normalised (NFC, RFC 6532 §3.1) and needs a relay that offers SMTPUTF8. The domain is as above: A-labels.
 */
export const readerAddressPattern =
  // Letters of both cases are named: folding them (`i`) lets letters of other scripts be both, and the pattern try all ways.
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|(?!\p{ASCII})[\p{L}\p{M}\p{N}])+(?:\.(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|(?!\p{ASCII})[\p{L}\p{M}\p{N}])+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/u;

const address = z.string().trim().max(254).regex(addressPattern, 'is not an e-mail address');
const oneLine = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{NChar}]*$/u, 'must be one line without control characters');
/** Words on a link or in the footer: no markup is read in them. */
const ownText = oneLine;
const httpsUrl = z.url({ protocol: /^https?$/ }).max(2000);

const timeZone = z.string().refine(zone => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'is not a time zone: use a name like Asia/Seoul');

export const publicationSchema = z.strictObject({
  /** Short name in URLs and List-Id. */
  slug: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'use 1–40 small letters, digits and inner hyphens'),
  name: oneLine,
  /** One sentence on the publication's page and in the e-mail footer. */
  description: z.string().trim().max(300).default(''),
  language: z.enum(['ko', 'en']),
  timeZone: timeZone.default('UTC'),
  from: z.strictObject({
    name: oneLine,
    address: address.refine(
      a => !freeMailDomains.includes(a.slice(a.lastIndexOf('@') + 1).toLowerCase()),
      'is on a free mail domain: mailbox providers reject bulk mail from it (DMARC). Use your own domain',
    ),
  }),
  replyTo: address.optional(),
  /** Legal sender identity in the footer (rules 1.5, 5.4). */
  postalAddress: z.string().trim().min(1).max(300),
  phone: z.string().trim().max(40).default(''),
  brand: z
    .strictObject({
      /** `#rrggbb`. */
      accent: z
        .string()
        .regex(/^#[0-9a-f]{6}$/i, 'use #rrggbb')
        .default('#0b5c55'),
      logo: z
        .union([
          httpsUrl,
          z.strictObject({ url: httpsUrl, width: z.int().min(8).max(560), height: z.int().min(8).max(200) }),
        ])
        .optional(),
    })
    .prefault({}),
  /** Words of the product in its mails, said another way; what is left out stays as the product says it. `{name}` in `why` is the publication's. */
  texts: z
    .strictObject({
      why: ownText,
      viewInBrowser: ownText,
      unsubscribe: ownText,
      preferences: ownText,
      contents: ownText,
      glossary: ownText,
      likeSummary: ownText,
      shareSummary: ownText,
      promoAction: ownText,
      like: ownText,
      share: ownText,
      comment: ownText,
      subscribe: ownText,
    })
    .partial()
    .prefault({}),
  /** Handlebars sources in place of the product's own, by name (docs/templates.md). What they hold is for `render` to judge. */
  templates: z
    .partialRecord(
      z.enum(templateNames),
      z
        .string()
        .min(1)
        .max(longestTemplate)
        .regex(
          /^[^\p{Surrogate}\p{Cc}\p{NChar}]*(?:[\n\t][^\p{Surrogate}\p{Cc}\p{NChar}]*)*$/u,
          'has characters that no reader can see',
        ),
    )
    .default({}),
  /** `trap`: with clicks, a hidden link that only programs follow (docs/tracking.md). */
  tracking: z
    .strictObject({
      clicks: z.boolean().default(true),
      opens: z.boolean().default(false),
      trap: z.boolean().default(true),
    })
    .prefault({}),
  /** Laws whose rules are checked before sending. */
  law: z.array(z.enum(['kr', 'gdpr', 'can-spam', 'casl'])).default([]),
  /** How people sign up by themselves (docs/signing-up.md). */
  signup: z
    .strictObject({
      /** False: no form; existing links go on working. */
      open: z.boolean().default(true),
      /** Whether addresses of throw-away providers are taken. */
      allowDisposable: z.boolean().default(false),
      /** Origins whose pages may embed the form, `https://example.org`; empty: any. */
      origins: z
        .array(z.url({ protocol: /^https?$/ }).transform(url => new URL(url).origin))
        .max(100)
        .default([]),
      /** So many sign-ups without a confirmation in so many minutes are an attack: each then has to prove work. */
      attack: z
        .strictObject({
          unconfirmed: z.int().min(1).max(10_000).default(100),
          minutes: z.int().min(1).max(1440).default(10),
        })
        .prefault({}),
      /** Whether a consent is kept with the IP address it was confirmed from. */
      keepIp: z.boolean().default(false),
    })
    .prefault({}),
  /** `trusted`: a person's first comment waits for a moderator, later ones show at once; `moderated`: every one waits. */
  comments: z.enum(['off', 'moderated', 'trusted']).default('trusted'),
  /** Comments with one of these words, in letters of any case, wait for a moderator. */
  commentBlocklist: z.array(z.string().trim().min(1).max(100)).max(500).default([]),
  /** Merge fields beside `name` and `email`: names of extra CSV columns, each with what stands in when a reader has none. */
  fields: z.record(z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]{0,39}$/u), z.string().max(200)).default({}),
  /** 5–15 letters or digits that name the sender in Feedback-ID (rule 1.6). */
  senderId: z
    .string()
    .regex(/^[A-Za-z0-9]{5,15}$/)
    .default('broadsheet'),
  delivery: z
    .strictObject({
      /** Hours after which a deferred recipient expires (rule 2.2). */
      giveUpHours: z.number().min(1).max(120).default(24),
      /** Minutes after its time at which a scheduled issue no longer starts by itself but is held (lesson of restores and long outages). */
      latestMinutes: z.int().min(1).max(10_080).default(60),
      /** Its mail leaves only through relays of this name (`?name=` in SMTP_URL); null: through any. */
      relay: z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a relay name has small letters, digits and hyphens')
        .nullable()
        .default(null),
      /**
       * A new sending domain's mail grows day by day: from `start` messages, each day at most `factor` times the largest before, until
       * `until` a day. Counted over all publications of the domain that warm up. null: no limit.
       */
      warmUp: z
        .strictObject({
          start: z.int().min(1).max(1_000_000).default(200),
          factor: z.number().min(1.05).max(10).default(2),
          until: z.int().min(2).max(100_000_000).default(100_000),
          /** Days before do not count: a new date begins anew. */
          from: z.iso.date().optional(),
        })
        .refine(({ start, until }) => until > start, { message: 'must be more than start', path: ['until'] })
        .nullable()
        .default(null),
      /** What holds an issue until a person decides (rule 1.3); null switches a limit off. */
      breaker: z
        .strictObject({
          /** Per cent of accepted messages that readers reported as spam. */
          complaintPercent: z.number().min(0.01).max(100).nullable().default(0.1),
          /** Per cent of attempted addresses that do not exist. */
          hardBouncePercent: z.number().min(0.1).max(100).nullable().default(3),
          /** Refusals for what or who we are (5.7.x, block lists): so many of the last 50 messages to one mailbox provider hold the issue. */
          blocks: z.int().min(1).max(50).nullable().default(5),
          /** Per cent of attempted messages refused for anything else: a message too large, a content filter. */
          refusalPercent: z.number().min(0.1).max(100).nullable().default(20),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type Publication = z.infer<typeof publicationSchema>;

/** Stands in for compose without `--publication`. */
export function samplePublication(language: 'ko' | 'en'): Publication {
  return publicationSchema.parse({
    slug: 'sample',
    name: language === 'ko' ? '브로드시트' : 'Broadsheet',
    language,
    timeZone: language === 'ko' ? 'Asia/Seoul' : 'UTC',
    from: { name: language === 'ko' ? '브로드시트' : 'Broadsheet', address: 'news@example.com' },
    postalAddress:
      language === 'ko'
        ? '발송 전에 publication 파일에 주소를 적어 주세요'
        : 'Put your postal address in the publication file',
  });
}

/** Whether advertising is only for those who agreed to it apart from subscribing (Korea's Network Act, rule 5.1). */
export function isConsentNeeded({ law }: Pick<Publication, 'law'>): boolean {
  return law.includes('kr');
}

/** Merge fields an issue of this publication may use. */
export function mergeFields(publication: Publication): string[] {
  return ['name', 'email', ...Object.keys(publication.fields)];
}
