/**
 * Names that the text spells unlike the glossary: `AdaptiLern` beside AdaptiLearn, `GPT4` beside GPT-4, 트렌스포머 beside 트랜스포머. Only what
 * is told apart from ordinary words: a false alarm on every issue would teach editors to look away.
 */
import type { Issue, Problem } from '../model/issue.ts';
import { type KnownTerm, nameKey } from '../model/terms.ts';
import { problem } from './catalogue.ts';
import { distance } from './distance.ts';

const mostNames = 800;
const mostFindings = 30;

const hangul = /^[가-힣](?:[가-힣 ]*[가-힣])?$/;
const latin = /^[A-Za-z][A-Za-z0-9]*(?:[- ][A-Za-z0-9]+)*$/;
/** What may follow a Korean name in the same word. */
const particle =
  /^(?:은|는|이|가|을|를|의|에|에서|에게|로|으로|와|과|도|만|이며|이고|이나|나|부터|까지|처럼|보다|라고|이라고|라는|이라는|인|입니다|이에요|예요|들|들의|들은|들이|들을)?$/;

interface Names {
  /** As they are to be spelled. */
  spelled: Set<string>;
  hangul: string[];
  /** By their first letter. */
  latin: Map<string, string[]>;
}

/** @param knownTerms of earlier issues, newest first */
export function nameProblems(source: string, issue: Issue, knownTerms: readonly KnownTerm[]): Problem[] {
  const names = collect(issue, knownTerms);
  const found = new Map<string, Problem>();
  for (const [at, raw] of source.split('\n').entries()) {
    if (found.size >= mostFindings) break;
    const line = readable(raw);
    for (const [said, name] of [...latinMisses(line, names), ...hangulMisses(line, names)]) {
      const key = `${said}\0${name}`;
      if (!found.has(key))
        found.set(key, problem('name-spelling', at + 1, `The text says “${said}”, the glossary “${name}”.`));
    }
  }
  return [...found.values()].slice(0, mostFindings);
}

function collect(issue: Issue, knownTerms: readonly KnownTerm[]): Names {
  const own = issue.sections.flatMap(section => {
    if (section.type === 'glossary')
      return section.terms.flatMap(term => [term.term, term.translation, term.abbreviation]);
    return section.type === 'summary' ? [section.work] : [];
  });
  const all = [...own, ...knownTerms.flatMap(term => [term.term, term.translation, term.abbreviation])];
  const spelled = new Set<string>();
  for (const name of all) {
    const tidy = name.normalize('NFC').replace(/\s+/g, ' ').trim();
    if (tidy.length > 0 && tidy.length <= 60) spelled.add(tidy);
    if (spelled.size >= mostNames) break;
  }
  const byLetter = new Map<string, string[]>();
  for (const name of spelled) {
    if (!latin.test(name) || name.length < 4) continue;
    const letter = name[0]!.toLowerCase();
    byLetter.set(letter, [...(byLetter.get(letter) ?? []), name]);
  }
  const korean = [...spelled].filter(name => hangul.test(name) && name.replace(/ /g, '').length >= 4);
  return { spelled, hangul: korean, latin: byLetter };
}

/** Without addresses, code and fields: nobody spells there. */
function readable(line: string): string {
  return line
    .normalize('NFC')
    .replace(/`[^`]*`|\]\([^)\s]*\)|https?:\/\/\S+|\{\{[^}]*\}\}/g, ' ')
    .slice(0, 20_000);
}

/** More than one capital, or a digit or hyphen: told from an ordinary word by its looks. */
const isDistinct = (name: string) => /[A-Z]/.test(name.slice(1)) || /[0-9-]/.test(name);

function* latinMisses(line: string, names: Names): Generator<[string, string]> {
  for (const [token] of line.matchAll(/[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*/g)) {
    if (token.length < 3 || token.length > 60 || names.spelled.has(token)) continue;
    for (const name of names.latin.get(token[0]!.toLowerCase()) ?? []) {
      if (!name.includes(' ') && isMiss(token, name)) yield [token, name];
    }
  }
}

function isMiss(token: string, name: string): boolean {
  if (!isDistinct(name)) {
    // An ordinary word with a capital: only another capitalised word can be it, misspelled.
    if (!/^[A-Z][a-z]+$/.test(token) || !/^[A-Z]/.test(name) || name.length < 7) return false;
  }
  const [said, meant] = [nameKey(token), nameKey(name)];
  if (said === meant) return isDistinct(name);
  // Versions are other things, plurals the same: GPT-5 is no misspelled GPT-4.
  if (said.replace(/\d/g, '') === meant.replace(/\d/g, '') || said.replace(/e?s$/, '') === meant.replace(/e?s$/, ''))
    return false;
  if (meant.length < 6 || !/[A-Z]/.test(token)) return false;
  const most = meant.length >= 10 ? 2 : 1;
  return distance(said, meant, most) <= most && !said.startsWith(meant) && !meant.startsWith(said);
}

function* hangulMisses(line: string, names: Names): Generator<[string, string]> {
  if (names.hangul.length === 0) return;
  const starts = [...line.matchAll(/(?<![가-힣])[가-힣]/g)].map(match => match.index);
  for (const start of starts) {
    const run = /^[가-힣]+(?: [가-힣]+){0,7}/.exec(line.slice(start, start + 120))?.[0] ?? '';
    for (const name of names.hangul) {
      const said = miss(run, name);
      if (said) yield [said, name];
    }
  }
}

/** The beginning of `run` that stands for `name` and is spelled otherwise. */
function miss(run: string, name: string): string | undefined {
  const meant = name.replace(/ /g, '');
  let taken = 0;
  let end = 0;
  while (end < run.length && taken < meant.length) if (run[end++] !== ' ') taken++;
  if (taken < meant.length) return undefined;
  const said = run.slice(0, end);
  const rest = /^[가-힣]*/.exec(run.slice(end))![0];
  if (said === name || !particle.test(rest)) return undefined;
  const joined = said.replace(/ /g, '');
  if (joined === meant) return said;
  // Endings vary by grammar, beginnings do not.
  if (joined[0] !== meant[0] && joined[1] !== meant[1]) return undefined;
  if (joined.at(-1) !== meant.at(-1)) return undefined;
  const most = meant.length >= 7 ? 2 : 1;
  return distance(joined.normalize('NFD'), meant.normalize('NFD'), most) <= most ? said : undefined;
}
