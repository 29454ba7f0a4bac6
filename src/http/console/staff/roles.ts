/** The roles, from the most that may be done to the least. */
import type { Staff } from '../../../db/staff.ts';

export const roles = ['owner', 'editor', 'operator', 'viewer'] as const satisfies readonly Staff['role'][];

export function isRole(text: string | undefined): text is Staff['role'] {
  return (roles as readonly (string | undefined)[]).includes(text);
}
