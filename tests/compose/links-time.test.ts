import { expect, test } from 'vitest';
import { compose } from '../../src/compose/compose.ts';
import { samplePublication } from '../../src/model/publication.ts';

test('a bracket full of links that does not close right after them is read at once', () => {
  const links = Array.from({ length: 300 }, (_, i) => `[${i}](https://example.org/${i})`).join(' ');
  const { issue } = compose(`**제목**\n\n더 읽을 거리 (${links} 참고)\n`, { publication: samplePublication('ko') });
  expect(JSON.stringify(issue)).toContain('https://example.org/299');
}, 5000);
