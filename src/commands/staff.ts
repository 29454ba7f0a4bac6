/** `staff link`: the way back for who cannot log in, from the machine itself. */
import { dropSecond } from '../db/second-factors.ts';
import { putReset } from '../db/staff-links.ts';
import { BroadsheetError } from '../errors.ts';
import { newLink, resetMinutes } from '../http/console/staff/links.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

/** Prints the link, this once. @throws BroadsheetError STAFF_UNKNOWN */
export async function staffLinkCommand(
  email: string,
  options: { withoutSecond?: boolean },
  output: Output,
): Promise<number> {
  const { token, digest } = newLink();
  return withWiring('staff', async ({ sql, config }) => {
    const staff = await putReset(sql, { digest, email, by: null, minutes: resetMinutes });
    if (!staff) throw new BroadsheetError('STAFF_UNKNOWN', 'there is no such account');
    const dropped = options.withoutSecond ? await dropSecond(sql, staff.id) : false;
    const url = `${config.publicUrl}/console/reset/${token}`;
    output.result({ url, minutes: resetMinutes, withoutSecond: dropped }, [
      `Works once, for ${resetMinutes} minutes: ${url}`,
      ...(dropped ? ['Two-step login is off for this account.'] : []),
    ]);
    return 0;
  });
}
