/** English words of the settings; their type is that of all languages. */

export const en = {
  tabs: {
    publications: 'Publications',
    domains: 'Domains',
    relays: 'Relays',
    comments: 'Comments',
    webhooks: 'Webhooks',
    tokens: 'API tokens',
    people: 'People',
    audit: 'Audit log',
    backups: 'Backups',
  },
  said: {
    saved: 'Saved.',
    uninvited: 'The invitation is taken back. Its link leads nowhere now.',
    removed: 'Removed from the staff, and logged out.',
    tokenRevoked: 'The token is revoked. Programs that use it are refused from now on.',
  } as Record<string, string>,
};

export type SettingsWords = typeof en;
