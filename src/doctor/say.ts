/** A finding in words. Findings that were kept can so be shown in whichever language a page is in. */
import type { Finding, Name } from './finding.ts';
import { doctorWords } from './words.ts';
import type { Said } from './words-en.ts';

type Language = keyof typeof doctorWords;

export interface SaidFinding extends Pick<Finding, 'state' | 'code'> {
  group: string;
  check: string;
  found: string;
  /** What to do or publish; empty when all is well. Lines of a zone file and commands stand by themselves. */
  fix: string[];
}

/** `findings` has seen to it that values fit their code. */
type Sayable<T> = (...values: readonly unknown[]) => T;

export function say({ group, check, state, code, values }: Finding, language: Language): SaidFinding {
  const sentence = doctorWords[language].findings[code] as Sayable<Said>;
  const [found, ...fix] = sentence(...values);
  return { group: sayName(group, language), check: sayName(check, language), state, code, found, fix };
}

function sayName(name: Name, language: Language): string {
  if (typeof name === 'string') return name;
  return (doctorWords[language].names[name.code] as Sayable<string>)(...name.values);
}

/** Whether a line of `fix` is to be copied as it stands: a line of a zone file, or a command. */
export function isToCopy(line: string): boolean {
  return /^\S+ 3600 IN |^(?:alter system|chmod|openssl|maxmemory-policy|appendonly) /.test(line);
}
