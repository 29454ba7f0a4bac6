/** Pictures in mail: their own line, a width for Outlook, words where they do not load, readable at night. */
import { expect, test } from 'vitest';
import type { Inline } from '../../src/model/issue.ts';
import { render } from '../../src/render/render.ts';
import { htmlOf, issue, paragraph, prose, publication } from './builders.ts';

const picture = (more: object = {}): Inline => ({
  type: 'image',
  url: 'https://a.kr/i.png',
  alt: '손실 "곡선"',
  ...more,
});
const shown = async (...children: (string | Inline)[]) =>
  /<img src="https:\/\/a\.kr[^>]*>/.exec(
    htmlOf(await render(issue([prose('소식', paragraph(...children))]), { publication: publication() })),
  )![0];

test('alone it is a block of the column’s width, its height in proportion; among words it stays among them', async () => {
  const alone = await shown(picture({ width: 1200, height: 900 }));
  expect(alone).toContain('width="512" height="384"');
  expect(alone).toContain('alt="손실 &quot;곡선&quot;"');
  expect(alone).toMatch(/style="display:block;max-width:100%;height:auto;background:#[0-9a-f]{6}"/);
  expect(await shown(picture())).toContain('width="512"');
  const among = await shown('글 ', picture({ width: 20, height: 20 }));
  expect(among).toContain('width="20" height="20"');
  expect(among).not.toContain('display:block');
});
