/** What `doctor` found of one thing. */

export type State = 'ok' | 'warn' | 'fail' | 'not applicable';

export interface Finding {
  /** Findings of one group stand together: `Relays`, `Sending domain example.org`. */
  group: string;
  check: string;
  state: State;
  found: string;
  /** What to do or publish; empty when all is well. Lines of a zone file stand by themselves. */
  fix: string[];
}

/** Makes the findings of one group. */
export function findings(group: string) {
  const as =
    (state: State) =>
    (check: string, found: string, ...fix: string[]): Finding => ({ group, check, state, found, fix });
  return { ok: as('ok'), warn: as('warn'), fail: as('fail'), none: as('not applicable') };
}

export type Report = ReturnType<typeof findings>;
