/** Tells people of alerts: each message by mail and by webhook on its own, so that when one way is broken the other still works. */
import type { AlertsConfig } from '../config.ts';
import { claimNotices, type DueNotice, recordNotice, type Target } from '../db/alerts.ts';
import type { Sql } from '../db/client.ts';
import { listPublications } from '../db/publications.ts';
import { noticeMail } from '../deliver/notice.ts';
import { sendMail } from '../deliver/own-mail.ts';
import { openConnection, parseRelay } from '../deliver/relay.ts';
import { messageOf as wordsOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { DkimKeys } from '../personalise/dkim.ts';
import { messageOf } from '../webhooks/message.ts';
import type { Poster } from '../webhooks/post.ts';
import type { AlertKind } from './kinds.ts';
import { type Language, messageText, say } from './words.ts';

const second = 1000;
const minute = 60 * second;
/** Waits between tries; the last one again and again, up to `mostTries`: some three days. */
const waits = [10 * second, 30 * second, minute, 5 * minute, 15 * minute, 60 * minute] as const;
const mostTries = 80;
/** Under way at once. */
const atOnce = 10;

export interface NotifierDeps {
  sql: Sql;
  log: Logger;
  alerts: AlertsConfig;
  /** Tried in turn. */
  relays: readonly string[];
  dkim: DkimKeys | undefined;
  /** Where mail comes from as long as there is no publication. */
  domain: string;
  poster: Poster;
}

export function targetsOf({ emails, webhookUrl }: AlertsConfig): Target[] {
  return [
    ...emails.map((_, target): Target => ({ channel: 'mail', target })),
    ...(webhookUrl ? [{ channel: 'webhook', target: 0 } as const] : []),
  ];
}

export class Notifier {
  readonly #deps: NotifierDeps;
  readonly #running = new Set<Promise<void>>();

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /** Starts telling what is due. @returns how many messages it started */
  async start(): Promise<number> {
    const room = atOnce - this.#running.size;
    const due = room > 0 ? await claimNotices(this.#deps.sql, room) : [];
    for (const notice of due) {
      const done = this.#tell(notice)
        // Its claim runs out, and it is told again.
        .catch(error => this.#deps.log.warn({ error: wordsOf(error) }, 'alert not recorded as told'))
        .finally(() => this.#running.delete(done));
      this.#running.add(done);
    }
    return due.length;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #tell(notice: DueNotice): Promise<void> {
    const { sql, log } = this.#deps;
    const error = await (notice.channel === 'mail' ? this.#mail(notice) : this.#post(notice)).then(
      () => undefined,
      wordsOf,
    );
    if (error !== undefined) log.warn({ channel: notice.channel, alert: notice.alertId, error }, 'alert not told');
    const isOver = error === undefined || notice.attempts >= mostTries;
    await recordNotice(sql, notice, isOver ? null : (waits[notice.attempts - 1] ?? waits.at(-1)!));
  }

  /** @throws Error when no relay takes it */
  async #mail(notice: DueNotice): Promise<void> {
    const to = this.#deps.alerts.emails[notice.target];
    // The list became shorter since.
    if (to === undefined) return;
    const { relays, dkim, domain } = this.#deps;
    const { language, from } = await this.#sender();
    const { subject, text } = messageText(language, notice.what, alertOf(notice));
    const id = `alert.${notice.messageId}`;
    const mail = noticeMail(
      { from: from ?? { name: 'Broadsheet', address: `broadsheet@${domain}` }, to, subject, text, id, language },
      dkim,
      new Date(),
    );
    let last = 'SMTP_URL is not set';
    for (const relay of relays) {
      const outcome = await sendMail(() => openConnection(parseRelay(relay)), mail).catch(wordsOf);
      if (outcome === 'accepted') return;
      last = outcome;
    }
    throw new Error(last);
  }

  /** @throws Error when it is not taken */
  async #post(notice: DueNotice): Promise<void> {
    const { webhookUrl, webhookSecret } = this.#deps.alerts;
    if (webhookUrl === undefined) return;
    const { language } = await this.#sender();
    const alert = alertOf(notice);
    const { subject, text } = messageText(language, notice.what, alert);
    const { id, kind, openedAt, closedAt } = alert;
    const data = {
      alert: id,
      kind,
      subject: notice.subject,
      openedAt,
      closedAt,
      ...say(language, kind, alert.detail),
    };
    const happening = { type: `alert.${notice.what}`, at: closedAt ?? openedAt, data };
    // Slack, Mattermost and their like show `text`.
    const message = messageOf(notice.messageId, happening, { text: `${subject}\n${text}` });
    const posted = await this.#deps.poster.post(webhookUrl, message, webhookSecret ? [webhookSecret] : []);
    if (!posted.ok) throw new Error(posted.outcome);
  }

  /** The oldest publication speaks for the installation: in its language, from an address that the relays let pass. */
  async #sender(): Promise<{ language: Language; from: { name: string; address: string } | undefined }> {
    const oldest = (await listPublications(this.#deps.sql)).sort((a, b) => a.id - b.id)[0]?.publication;
    return { language: oldest?.language ?? 'en', from: oldest?.from };
  }
}

function alertOf({ alertId: id, kind, detail, openedAt, closedAt }: DueNotice) {
  return { id, kind: kind as AlertKind, detail, openedAt, closedAt };
}
