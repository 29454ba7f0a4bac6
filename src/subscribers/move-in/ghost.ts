/** Ghost: `members.csv` of Members → Export (id, email, name, note, subscribed_to_emails, … created_at, deleted_at, labels, tiers). */
import { moved, type SourceSystem, unknownState, yesOrNo } from './moved.ts';

export const ghost: SourceSystem = {
  name: 'ghost',
  label: 'Ghost',
  posts: /\.json$/i,
  requires: [['email'], ['subscribed_to_emails'], ['created_at']],
  read(row) {
    if (row.get('deleted_at') !== '') return { skip: 'deleted there' };
    const subscribed = yesOrNo(row.get('subscribed_to_emails'));
    if (subscribed === undefined)
      return unknownState('subscribed_to_emails', row.get('subscribed_to_emails'), ['true', 'false']);
    return moved('ghost', {
      email: row.get('email'),
      name: row.get('name'),
      standing: subscribed ? 'active' : 'unsubscribed',
      zone: 'UTC',
      times: { joinedAt: row.get('created_at') },
    });
  },
};
