/** Mail to staff about their own account: by the installation's relays, from the address of its oldest publication. */
import { randomUUID } from 'node:crypto';
import { listPublications } from '../../../db/publications.ts';
import { noticeMail } from '../../../deliver/notice.ts';
import { sendMail } from '../../../deliver/own-mail.ts';
import { readDkim } from '../../../deliver/presses.ts';
import { openConnection, parseRelay } from '../../../deliver/relay.ts';
import { messageOf } from '../../../errors.ts';
import type { Language } from '../../language.ts';
import type { Console } from '../context.ts';

/** Mails under way at once in this process; what is more is not sent, and the page's link is there. */
const atOnce = 10;
let underWay = 0;

/** Whether mail can be tried at all. */
export function canMail(site: Console): boolean {
  return site.wiring.config.smtpUrls.length > 0;
}

/** @param mail.text lines end with \n @returns whether a relay took it; never throws */
export async function mailStaff(
  site: Console,
  mail: { to: string; subject: string; text: string; language: Language },
): Promise<boolean> {
  const { sql, config, log } = site.wiring;
  if (!canMail(site) || underWay >= atOnce) return false;
  underWay++;
  try {
    const oldest = (await listPublications(sql)).sort((a, b) => a.id - b.id)[0]?.publication;
    const dkim = readDkim(config);
    const domain = dkim?.domain ?? config.bounceDomain ?? new URL(config.publicUrl).hostname;
    const from = oldest?.from ?? { name: 'Broadsheet', address: `broadsheet@${domain}` };
    const sealed = noticeMail({ ...mail, from, id: `staff.${randomUUID()}` }, dkim, new Date());
    for (const relay of config.smtpUrls) {
      const outcome = await sendMail(() => openConnection(parseRelay(relay)), sealed).catch(messageOf);
      if (outcome === 'accepted') return true;
      log.warn({ outcome }, 'mail to staff not taken');
    }
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'mail to staff not sent');
  } finally {
    underWay--;
  }
  return false;
}
