/** `::most-liked`: a list in the Issue, whatever stands around it; an example without a database. */
import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { issueSchema } from '../../src/model/issue.ts';
import { render } from '../../src/render/render.ts';
import { publicationOf } from '../support/fixtures.ts';
import { codes, composed } from './helpers.ts';

const source = (block: string) => `안녕하세요, 이번 호예요.

## 지난 호에서 사랑받은 요약

${block}

# 논문 하나

관련 연구: Alpha ( [논문](https://arxiv.org/abs/1) )

본문이에요.
`;
const liked = [3, 2, 1].map(n => ({
  title: `요약 ${n} <b>&`,
  url: `https://news.example.org/p/weekly/issue-1/${n}`,
  likes: n * 700,
}));
const withLikes = (block: string, summaries = liked) =>
  compose(source(block), { publication: publicationOf(), mostLiked: { summaries } });

test('becomes a list of links with their likes, in the Issue, the mail and its text', async () => {
  const { issue, problems } = withLikes('::most-liked{count=2}');
  issueSchema.parse(issue);
  expect(codes(problems).filter(code => code.startsWith('most') || code.startsWith('bad'))).toEqual([]);
  const section = issue.sections.find(one => one.type === 'prose')!;
  expect(section).toMatchObject({ title: '지난 호에서 사랑받은 요약' });
  expect(section.type === 'prose' && section.body).toEqual([
    {
      type: 'list',
      ordered: true,
      start: 1,
      items: liked.slice(0, 2).map(({ title, url, likes }) => [
        {
          type: 'paragraph',
          children: [
            { type: 'link', url, children: [{ type: 'text', value: title }] },
            { type: 'text', value: ` ♥\ufe0e\u00a0${likes.toLocaleString('en')}` },
          ],
        },
      ]),
    },
  ]);
  const edition = await render(issue, { publication: publicationOf() });
  expect(edition.links.map(link => link.url)).toContain(liked[0]!.url);
  const html = edition.html.filter(part => typeof part === 'string').join('');
  expect(html).toContain('요약 3 &lt;b&gt;&amp;');
  expect(html).toContain('2,100');
  const text = edition.text.filter(part => typeof part === 'string').join('');
  expect(text).toContain(liked[1]!.url);
});

test('right after the greeting it is not taken for the highlights', () => {
  const { issue } = compose(
    '안녕하세요.\n\n::most-liked\n\n# 논문 하나\n\n관련 연구: Alpha ( [논문](https://arxiv.org/abs/1) )\n\n글\n',
    {
      publication: publicationOf(),
      mostLiked: { summaries: liked },
    },
  );
  expect(issue.sections.map(section => section.type)).toEqual(['greeting', 'summary']);
  expect(JSON.stringify(issue.sections[0])).toContain(liked[2]!.url);
});

test('without likes it is left out; without a database it is an example; both are said', () => {
  const none = withLikes('::most-liked{count=3}', []);
  expect(codes(none.problems)).toContain('most-liked-empty@5');
  expect(JSON.stringify(none.issue)).not.toContain('"list"');
  const example = composed(source('::most-liked{count=3}'));
  expect(codes(example.problems)).toContain('most-liked-example@5');
  expect(JSON.stringify(example.issue).match(/https:\/\/example\.com/g)).toHaveLength(3);
});

test.each(['{count=0}', '{count=11}', '{count=x}', '{count=-1}', '{count=3 of=4}', '[words]{count=3}', '{count}'])(
  'a count that cannot be used is an error: %s',
  block => expect(codes(withLikes(`::most-liked${block}`).problems)).toContain('bad-count@5'),
);
