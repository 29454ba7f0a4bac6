import { expect, test } from 'vitest';
import type { Edition, LinkTarget, Part } from '../../src/model/edition.ts';
import { render } from '../../src/render/render.ts';
import { renumber } from '../../src/render/renumber.ts';
import { issue, link, paragraph, prose, publication, summary } from './builders.ts';

const ko = publication();
const edition = (sections: Parameters<typeof issue>[0]) => render(issue(sections), { publication: ko });
const url = (name: string) => `https://example.org/${name}`;
const notes = (...names: string[]) => prose('소식', ...names.map(name => paragraph(link(url(name), name))));

function targets(parts: readonly Part[]): LinkTarget[] {
  return parts.flatMap(part => {
    if (typeof part === 'string' || part.kind === 'field') return [];
    return part.kind === 'when' ? targets(part.parts) : [part.link];
  });
}

/** Where the clicks of a mail lead, in order. */
const clicks = (of: Edition) =>
  targets(of.html).flatMap(one => (one.to === 'click' ? [of.links.find(({ ref }) => ref === one.ref)!.url] : []));
const likes = (of: Edition, parts = of.html) =>
  targets(parts).flatMap(one => (one.to === 'like' && one.summary > 0 ? [one.summary] : []));
const refs = (of: Edition) => Object.fromEntries(of.links.map(one => [one.url.split('/').at(-1), one.ref]));
const numbers = (of: Edition) => of.summaries.map(one => [one.number, one.title]);

test('the same text keeps every number', async () => {
  const first = await edition([notes('a', 'b', 'a'), summary(1), summary(2)]);
  expect(renumber(first, first)).toEqual(first);
});

test('an old URL keeps its ref, a new one gets the next, one that is gone stays in the table', async () => {
  const first = await edition([notes('a', 'b', 'c')]);
  expect(refs(first)).toEqual({ a: 1, b: 2, c: 3 });
  const second = renumber(await edition([notes('new', 'c', 'a')]), first);
  expect(refs(second)).toEqual({ a: 1, b: 2, c: 3, new: 4 });
  expect(clicks(second)).toEqual(['new', 'c', 'a'].map(url));
  // What was gone for a revision comes back under its old ref; nothing is ever given twice.
  const third = renumber(await edition([notes('b', 'newer')]), second);
  expect(refs(third)).toEqual({ a: 1, b: 2, c: 3, new: 4, newer: 5 });
  expect(clicks(third)).toEqual(['b', 'newer'].map(url));
});

test('a URL that stands in two sections keeps a ref in each', async () => {
  const in2 = (title: string) => prose(title, paragraph(link(url('x'), 'x')));
  const first = await edition([in2('하나'), in2('둘')]);
  expect(first.links.map(one => [one.ref, one.section])).toEqual([
    [1, 'prose-하나'],
    [2, 'prose-둘'],
  ]);
  const second = renumber(await edition([in2('둘'), in2('셋'), in2('하나')]), first);
  expect(second.links.map(one => [one.ref, one.section])).toEqual([
    [1, 'prose-하나'],
    [2, 'prose-둘'],
    [3, 'prose-셋'],
  ]);
});

test('summaries moved, added, reworded and taken out: likes stay with what they were given for', async () => {
  const at = (place: number, title: string) => summary(place, { title });
  const first = await edition([at(1, 'A'), at(2, 'B'), at(3, 'C')]);
  const moved = renumber(await edition([at(1, 'C'), at(2, 'new'), at(3, 'A'), at(4, 'B')]), first);
  expect(likes(moved)).toEqual([3, 4, 1, 2]);
  expect(likes(moved, moved.text)).toEqual([3, 4, 1, 2]);
  expect(numbers(moved)).toEqual([
    [1, 'A'],
    [2, 'B'],
    [3, 'C'],
    [4, 'new'],
  ]);
  const reworded = renumber(await edition([at(1, 'A'), at(2, 'B, better'), at(3, 'C')]), first);
  expect(likes(reworded)).toEqual([1, 2, 3]);
  expect(numbers(reworded)[1]).toEqual([2, 'B, better']);
  const without = renumber(await edition([at(1, 'A'), at(2, 'C')]), first);
  expect(likes(without)).toEqual([1, 3]);
  // The like of a summary that only old mails have still has a title.
  expect(numbers(without)).toEqual(numbers(first));
  // Place 2 is C's now, so a summary reworded there is C, not B.
  const later = renumber(await edition([at(1, 'A'), at(2, 'C, better'), at(3, 'B')]), without);
  expect(likes(later)).toEqual([1, 3, 2]);
});

test('share links of a renumbered summary lead to its own place', async () => {
  const first = await edition([summary(1, { title: 'A' }), summary(2, { title: 'B' })]);
  const second = renumber(await edition([summary(1, { title: 'B' }), summary(2, { title: 'A' })]), first);
  const shares = targets(second.html).flatMap(one => (one.to === 'share' && one.summary > 0 ? [one.summary] : []));
  expect(shares).toEqual([2, 1]);
  expect(second.summaries.map(one => [one.number, one.id])).toEqual([
    [1, 'paper-2'],
    [2, 'paper-1'],
  ]);
});

test('links past what a token can hold lead straight to where they go', async () => {
  const first = await edition([notes('a')]);
  const full = { ...first, links: [{ ...first.links[0]!, ref: 65_535 }] };
  const second = renumber(await edition([notes('a', 'b?x=1&y=2')]), full);
  expect(second.links.map(one => one.ref)).toEqual([65_535]);
  expect(clicks(second)).toEqual([url('a')]);
  expect(second.html.filter(part => typeof part === 'string').join('')).toContain(
    'href="https://example.org/b?x=1&amp;y=2"',
  );
});
