/** Messages made side by side, and memory used again: no byte of one in another. */
import { describe, expect, it } from 'vitest';
import type { Reader } from '../../src/model/reader.ts';
import { createPress } from '../../src/personalise/press.ts';
import { Wire } from '../../src/personalise/wire.ts';
import { dice, dkimKeys, imprint, longEdition, reader } from './samples.ts';

const readers = Array.from({ length: 40 }, (_, i) =>
  reader({ subscriberId: i + 1, email: `r${i}@example.net`, name: i % 3 ? `이름${'가'.repeat(i)}` : '' }),
);

describe.each(['ko', 'en'] as const)('a press (%s)', language => {
  const pressing = imprint({ dkim: dkimKeys() });
  /** Each by a press of its own, none given back. */
  const alone = (who: Reader) => createPress(longEdition(language), pressing).message(who).raw;
  const expected = readers.map(alone);

  it('makes the same message while others wait for their signatures', async () => {
    const press = createPress(longEdition(language), pressing);
    const messages = await Promise.all(readers.map(who => press.prepare(who)));
    messages.forEach((message, i) => {
      expect(message.raw.equals(expected[i]!), `reader ${i}`).toBe(true);
      expect(message).toMatchObject({ to: readers[i]!.email, messageId: press.message(readers[i]!).messageId });
    });
  });

  it('keeps those that were not given back, in whatever order others were', async () => {
    const press = createPress(longEdition(language), pressing);
    const roll = dice(11);
    const held = new Map<number, { raw: Buffer; free(): void }>();
    for (let step = 0; step < 200; step++) {
      const i = roll(readers.length);
      const kept = held.get(i);
      if (kept) {
        expect(kept.raw.equals(expected[i]!), `step ${step}`).toBe(true);
        kept.free();
        // A second time must not give one piece of memory to two.
        kept.free();
        held.delete(i);
      } else held.set(i, roll(2) ? press.message(readers[i]!) : await press.prepare(readers[i]!));
    }
    for (const [i, { raw }] of held) expect(raw.equals(expected[i]!), `reader ${i}`).toBe(true);
  });

  it('writes into memory that was given back', () => {
    const press = createPress(longEdition(language), pressing);
    const first = press.message(readers[0]!);
    const { buffer } = first.raw;
    first.free();
    const second = press.message(readers[1]!);
    const third = press.message(readers[2]!);
    expect(second.raw.buffer).toBe(buffer);
    expect(third.raw.buffer).not.toBe(buffer);
  });

  it('refuses an address when it prepares, too', async () => {
    const press = createPress(longEdition(language), pressing);
    await expect(press.prepare(reader({ email: 'nobody' }))).rejects.toMatchObject({ code: 'ADDRESS_INVALID' });
    expect((await press.prepare(readers[1]!)).raw.equals(expected[1]!)).toBe(true);
  });
});

describe('a sheet', () => {
  it.each([0, 1, 4095, 4096, 4097, 20_000])('takes a header of %d bytes', length => {
    const wire = new Wire();
    wire.begin();
    wire.append(Buffer.from('the body\r\n'));
    const sheet = wire.end();
    const header = 'h'.repeat(length);
    expect(sheet.under(header).toString('latin1')).toBe(`${header}the body\r\n`);
  });

  it('grows with its body', () => {
    const wire = new Wire();
    wire.begin();
    const chunk = Buffer.alloc(50_000, 'abc');
    for (let i = 0; i < 20; i++) wire.append(chunk);
    expect(wire.end().body.equals(Buffer.concat(Array.from({ length: 20 }, () => chunk)))).toBe(true);
  });
});
