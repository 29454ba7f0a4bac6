/** Which posts go into a public archive, and which do not. */
import { expect, test } from 'vitest';
import { ghostPost } from '../../../src/subscribers/move-in/ghost-posts.ts';
import { columnsOf, ExportRow } from '../../../src/subscribers/move-in/moved.ts';
import { slugOf } from '../../../src/subscribers/move-in/posts.ts';
import { substackPost } from '../../../src/subscribers/move-in/substack-posts.ts';

const post = {
  id: 1,
  title: 'T',
  slug: 't',
  html: '<p>x</p>',
  status: 'published',
  published_at: '2020-01-02 03:04:05',
};

test.each([
  ['of an old export', post, { post: { slug: 't', publishedAt: new Date('2020-01-02T03:04:05Z') } }],
  ['public', { ...post, visibility: 'public', type: 'post' }, { post: {} }],
  ['for members', { ...post, visibility: 'members' }, { skip: 'not for everyone' }],
  ['for tiers', { ...post, visibility: 'tiers' }, { skip: 'not for everyone' }],
  ['an old page', { ...post, page: 1 }, { skip: 'a page' }],
  ['scheduled', { ...post, status: 'scheduled' }, { skip: 'not published' }],
  ['without a time', { ...post, published_at: null }, { problem: expect.stringContaining('time') }],
  ['without text', { ...post, html: ' ' }, { problem: expect.stringContaining('HTML') }],
  ['of another shape', 'post', { problem: expect.any(String) }],
])('Ghost: %s', (_what, row, expected) => {
  expect(ghostPost(row)).toMatchObject(expected);
});

const header = columnsOf([
  'post_id',
  'post_date',
  'is_published',
  'email_sent_at',
  'type',
  'audience',
  'title',
  'subtitle',
]);

test.each([
  [
    ['101.the-first', '2024-05-06T07:08:09Z', 'TRUE', '', 'newsletter', 'everyone', 'T', 'S'],
    { post: { id: '101.the-first', slug: 'the-first', subtitle: 'S' } },
  ],
  [['101', '2024-05-06T07:08:09Z', 'TRUE', '', 'podcast', 'everyone', 'T', ''], { post: { slug: 'post-101' } }],
  [
    ['101.a', '', 'TRUE', '2024-05-06T07:08:09Z', '', '', 'T', ''],
    { post: { publishedAt: new Date('2024-05-06T07:08:09Z') } },
  ],
  [['101.a', '', 'TRUE', '', '', '', 'T', ''], { problem: expect.stringContaining('post_date') }],
  [['101.a', '2024-05-06', 'true', '', 'newsletter', 'founding', 'T', ''], { skip: 'not for everyone' }],
  [['101.a', '2024-05-06', '', '', 'newsletter', 'everyone', 'T', ''], { skip: 'not published' }],
  [['..', '2024-05-06', 'true', '', 'newsletter', 'everyone', 'T', ''], { problem: expect.any(String) }],
  [['a/b', '2024-05-06', 'true', '', 'newsletter', 'everyone', 'T', ''], { problem: expect.any(String) }],
])('Substack: %j', (cells, expected) => {
  expect(substackPost(new ExportRow(header, cells))).toMatchObject(expected);
});

test.each([
  ['The First!', 'the-first'],
  ['2024', 'post-2024'],
  ['안녕', 'post-7'],
  ['é'.repeat(80), 'e'.repeat(60)],
  [`${'a'.repeat(59)}-b`, 'a'.repeat(59)],
])('slug of %s', (text, expected) => {
  expect(slugOf(text, '7')).toBe(expected);
});
