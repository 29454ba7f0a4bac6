/** What lies behind an issue's reason for being held. The reasons are written by db/issues, db/plan, model/breaker and deliver. Pure. */
import type { HeldBecause } from './words-en.ts';

const signs: readonly (readonly [RegExp, HeldBecause])[] = [
  [/^CODES_SHORT/, 'codes'],
  [/reported it as spam/, 'spam'],
  [/addresses do not exist/, 'addresses'],
  [/refused for what or who we are/, 'blocked'],
  [/messages were refused, more than/, 'refusals'],
  [/^due .* late is allowed/, 'late'],
  [/^nothing has gone out for an hour/, 'outdated'],
  [/^its sink is gone/, 'sink'],
  [/^(SMTP_|RELAY_|DKIM_)/, 'relay'],
];

export function heldBecause(reason: string | null | undefined): HeldBecause {
  return signs.find(([sign]) => sign.test(reason ?? ''))?.[1] ?? 'other';
}
