/** listmonk: `subscribers.csv` of the export button (uuid, email, name, attributes, status, created_at, updated_at). */
import { jsonValues, moved, type SourceSystem, unknownState } from './moved.ts';

export const listmonk: SourceSystem = {
  name: 'listmonk',
  label: 'listmonk',
  requires: [['uuid'], ['email'], ['attributes', 'attribs'], ['status']],
  note: 'listmonk’s file does not say who left a list: export those with the filter “unsubscribed” too and move them in with --as unsubscribed, and those “unconfirmed” with --as pending.',
  read(row) {
    const status = row.get('status').toLowerCase();
    const base = {
      email: row.get('email'),
      name: row.get('name'),
      zone: 'UTC',
      times: { joinedAt: row.get('created_at') },
      more: jsonValues(row.get('attributes', 'attribs')),
    } as const;
    if (status === 'enabled') return moved('listmonk', { ...base, standing: 'active' });
    // Nobody there mails them; only they may come back here.
    if (status === 'disabled') return moved('listmonk', { ...base, standing: 'unsubscribed', leftReason: 'disabled' });
    // Its name before version 1.0 is the second.
    if (status === 'blocklisted' || status === 'blacklisted')
      return moved('listmonk', { ...base, standing: 'suppressed', reason: 'blocklisted' });
    return unknownState('status', status, ['enabled', 'disabled', 'blocklisted']);
  },
};
