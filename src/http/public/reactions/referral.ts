/** `?ref=CODE`: carried from a shared link to the sign-up form, and nowhere else. */
import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import { findReferral, giveReferralCode, type Referral } from '../../../db/referrals.ts';
import type { Site } from '../reader.ts';

/** Small letters and digits that are not taken for each other. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const codeLength = 10;
const pattern = new RegExp(`^[${alphabet}]{${codeLength}}$`);

/** A code as it may arrive; undefined for anything else. */
export function parseReferral(text: string | undefined): string | undefined {
  return text !== undefined && pattern.test(text) ? text : undefined;
}

/** The code that a page was opened with. */
export function referralOf(c: Context): string | undefined {
  return parseReferral(c.req.query('ref'));
}

/** A finished page whose links to the sign-up form carry the code along; `home` is the publication's path. */
export function carryReferral(html: string, home: string, code: string | undefined): string {
  const joint = home.includes('?') ? '&amp;' : '?';
  return code ? html.replaceAll(`href="${home}#subscribe"`, `href="${home}${joint}ref=${code}#subscribe"`) : html;
}

/** Of 10 characters from 31: 49 bits, unrelated to anybody. */
function newCode(): string {
  return Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** A reader's code, made now when they have none. Undefined without a subscription. */
export async function ensureReferral(
  site: Site,
  publicationId: number,
  subscriberId: number,
): Promise<Referral | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      await giveReferralCode(site.sql, publicationId, subscriberId, newCode());
      return await findReferral(site.sql, publicationId, subscriberId);
    } catch (error) {
      // Taken by somebody: once in so many millions.
      if (attempt === 3 || (error as { code?: string }).code !== '23505') throw error;
    }
  }
}
