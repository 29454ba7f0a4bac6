/** What `doctor` found of one thing: a code and its values, which `say` puts into words. */
import type { FindingCode, FindingWords, NameCode, NameWords } from './words-en.ts';

export type State = 'ok' | 'warn' | 'fail' | 'not applicable';

/** A string is a name that is the same in every language: `DMARC`, `SMTP_URL`, a host. */
export type Name = string | { code: NameCode; values: readonly unknown[] };

export interface Finding {
  /** Findings of one group stand together: relays, one sending domain. */
  group: Name;
  check: Name;
  state: State;
  code: FindingCode;
  /** What the words of the code take. */
  values: readonly unknown[];
}

/** A name that has words of its own in each language. */
export function named<C extends NameCode>(code: C, ...values: Parameters<NameWords[C]>): Name {
  return { code, values };
}

/** Makes the findings of one group. */
export function findings(group: Name) {
  const as =
    (state: State) =>
    <C extends FindingCode>(check: Name, code: C, ...values: Parameters<FindingWords[C]>): Finding => ({
      group,
      check,
      state,
      code,
      values,
    });
  return { ok: as('ok'), warn: as('warn'), fail: as('fail'), none: as('not applicable') };
}

export type Report = ReturnType<typeof findings>;
