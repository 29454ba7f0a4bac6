/** Parts of readers' pages that were written apart share one page: a class is ruled by one of them, and used by no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { accountRules } from '../../../src/http/public/account/style.ts';
import { archiveStyle } from '../../../src/http/public/archive/style.ts';
import { reactionsStyle } from '../../../src/http/public/reactions/style.ts';
import { signUpRules } from '../../../src/http/public/signup/style.ts';
import { rules } from '../../../src/http/public/style.ts';

const parts = { account: accountRules, archive: archiveStyle, reactions: reactionsStyle, signup: signUpRules };

/** Selectors at the head of a rule, but for print, where a part may take away what belongs to all. */
function selectorsOf(css: string): string[] {
  const screen = css.replace(/@media print\{(?:[^{}]*\{[^{}]*\})*\}/g, '');
  return [...screen.matchAll(/(?:^|[{}])([^{}@]+)\{/g)].flatMap(match => match[1]!.split(',').map(one => one.trim()));
}

/** Classes that the first word of some selector names: ruled wherever they stand. */
function ruledBy(css: string): Set<string> {
  return new Set(
    selectorsOf(css).flatMap(one => [...one.split(/[\s>+~]/)[0]!.matchAll(/\.([a-z-]+)/g)].map(match => match[1]!)),
  );
}

function usedIn(part: string): Set<string> {
  const folder = new URL(`../../../src/http/public/${part}/`, import.meta.url);
  const sources = readdirSync(folder).filter(name => name.endsWith('.tsx'));
  return new Set(
    sources.flatMap(name =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/class="([^"]+)"/g)].flatMap(match =>
        match[1]!.split(' '),
      ),
    ),
  );
}

test('a class is ruled by one part', () => {
  const owners = new Map<string, string[]>();
  for (const [name, css] of Object.entries(parts))
    for (const one of ruledBy(css)) owners.set(one, [...(owners.get(one) ?? []), name]);
  expect([...owners].filter(([, names]) => names.length > 1)).toEqual([]);
});

test('no part uses a class that another part rules', () => {
  for (const part of Object.keys(parts)) {
    const others = Object.entries(parts).filter(([name]) => name !== part);
    const foreign = [...usedIn(part)].flatMap(one =>
      others.filter(([, css]) => ruledBy(css).has(one)).map(([name]) => `${part} uses .${one} of ${name}`),
    );
    expect(foreign).toEqual([]);
  }
});

test('the look of buttons and fields is that of all pages', () => {
  const bare = (css: string) =>
    selectorsOf(css).filter(one => /^(?:a\.button|\.button|button|input|textarea|select)(?:\[[^\]]*\])?$/.test(one));
  for (const [name, css] of Object.entries(parts)) expect([name, bare(css)]).toEqual([name, []]);
  expect(bare(rules)).toContain('textarea');
});
