/**
 * Mailchimp: the CSVs of Audience → Export, one for each kind of contact. Unsubscribed and cleaned ones have columns of their own;
 * subscribed and non-subscribed ones have the same, so only the file's name tells them apart.
 */
import { moved, type SourceSystem } from './moved.ts';

const nonSubscribed = /^non-?subscribed/i;

export const mailchimp: SourceSystem = {
  name: 'mailchimp',
  label: 'Mailchimp',
  requires: [['Email Address'], ['OPTIN_TIME'], ['CONFIRM_TIME']],
  refuseFile(name, columns) {
    const tells = columns.has('unsubtime') || columns.has('cleantime') || /^(?:non-?)?subscribed/i.test(name);
    return tells
      ? undefined
      : 'its name must begin with subscribed or nonsubscribed, as Mailchimp names it: nothing else tells the two apart';
  },
  read(row, file) {
    const base = {
      email: row.get('Email Address'),
      firstName: row.get('First Name'),
      lastName: row.get('Last Name'),
      // Mailchimp writes UTC without saying so.
      zone: 'UTC',
      times: { optInAt: row.get('OPTIN_TIME'), confirmedAt: row.get('CONFIRM_TIME') },
      ips: { optInIp: row.get('OPTIN_IP'), confirmIp: row.get('CONFIRM_IP') },
    } as const;
    if (row.has('CLEAN_TIME')) {
      const times = { ...base.times, leftAt: row.get('CLEAN_TIME') };
      return moved('mailchimp', { ...base, times, standing: 'suppressed', reason: 'cleaned' });
    }
    if (row.has('UNSUB_TIME')) {
      const leftReason = [row.get('UNSUB_REASON'), row.get('UNSUB_REASON_OTHER')].filter(Boolean).join(': ');
      const left = { ...base, times: { ...base.times, leftAt: row.get('UNSUB_TIME') }, leftReason };
      // Who calls it spam must not hear from any list again, whatever the button was.
      return /\b(?:spam|abuse|complain)/i.test(row.get('UNSUB_REASON'))
        ? moved('mailchimp', { ...left, standing: 'suppressed', reason: 'complaint' })
        : moved('mailchimp', { ...left, standing: 'unsubscribed' });
    }
    if (nonSubscribed.test(file)) return { skip: 'never subscribed there' };
    return moved('mailchimp', { ...base, standing: 'active' });
  },
};
