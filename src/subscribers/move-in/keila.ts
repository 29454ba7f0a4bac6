/** Keila: the CSV of Contacts → Export (Email, First name, Last name, External ID, Data, Status). */
import { jsonValues, moved, type SourceSystem, unknownState } from './moved.ts';

export const keila: SourceSystem = {
  name: 'keila',
  label: 'Keila',
  requires: [['Email'], ['First name'], ['Last name'], ['Status'], ['Data', 'External ID']],
  read(row) {
    const status = row.get('Status').toLowerCase();
    const base = {
      email: row.get('Email'),
      firstName: row.get('First name'),
      lastName: row.get('Last name'),
      zone: 'UTC',
      times: { joinedAt: row.get('Inserted at', 'Created at'), confirmedAt: row.get('Double opt-in at') },
      more: jsonValues(row.get('Data')),
    } as const;
    if (status === 'active') return moved('keila', { ...base, standing: 'active' });
    if (status === 'unsubscribed') return moved('keila', { ...base, standing: 'unsubscribed' });
    if (status === 'unreachable') return moved('keila', { ...base, standing: 'suppressed', reason: 'unreachable' });
    return unknownState('Status', status, ['active', 'unsubscribed', 'unreachable']);
  },
};
