/** Substack: `email_list.….csv` of Settings → Exports (email, active_subscription, expiry, plan, email_disabled, created_at, …). */
import { moved, type SourceSystem, unknownState, yesOrNo } from './moved.ts';

export const substack: SourceSystem = {
  name: 'substack',
  label: 'Substack',
  posts: /^posts\.csv$/i,
  // Without email_disabled nothing tells who turned mail off.
  requires: [['email'], ['email_disabled'], ['active_subscription', 'expiry']],
  read(row) {
    const disabled = yesOrNo(row.get('email_disabled'));
    if (disabled === undefined) return unknownState('email_disabled', row.get('email_disabled'), ['true', 'false']);
    return moved('substack', {
      email: row.get('email'),
      name: row.get('name'),
      standing: disabled ? 'unsubscribed' : 'active',
      zone: 'UTC',
      times: { joinedAt: row.get('created_at') },
    });
  },
};
