/** What each role of the staff may do: one table, which every route names an act of. */
import type { Staff } from '../../db/staff.ts';

export const acts = {
  /** Issues, their figures, queues, lanes: nothing about one person. */
  look: ['owner', 'editor', 'operator', 'viewer'],
  /** Readers by name and address. */
  readers: ['owner', 'editor', 'operator'],
  /** Readers' addresses as a file that leaves the console. */
  export: ['owner', 'operator'],
  /** Texts, schedules, sends. */
  write: ['owner', 'editor'],
  /** Pause, resume, cancel, send again; queues, alerts. */
  operate: ['owner', 'editor', 'operator'],
  /** Publications, relays, webhooks, tokens. */
  settings: ['owner', 'operator'],
  /** Who is staff, and as what. */
  staff: ['owner'],
} as const satisfies Record<string, readonly Staff['role'][]>;

export type Act = keyof typeof acts;

export function may({ role }: Pick<Staff, 'role'>, act: Act): boolean {
  return (acts[act] as readonly Staff['role'][]).includes(role);
}
