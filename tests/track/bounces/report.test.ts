import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../../../src/track/bounces/report.ts';
import { arf, dsn, families, plain, reader } from './samples.ts';

const corpus = new URL('../../../../shared/corpora/bounces/', import.meta.url);

describe('reports of many servers (rule 3.1)', () => {
  it.each(families)('%s', (_, report, status, verdict) => {
    const found = parseReport(report);
    expect(found.map(({ status, verdict }) => ({ status, verdict }))).toEqual([{ status, verdict }]);
    if (verdict !== 'complaint') expect(found[0]!.recipient.toLowerCase()).toBe(reader);
  });

  it('with LF or CRLF, and behind an mbox line, read the same', () => {
    for (const [name, report, status, verdict] of families) {
      const unix = Buffer.from(
        `From x Thu Apr 29 23:34:45 2021\n${report.toString('latin1').replaceAll('\r\n', '\n')}`,
        'latin1',
      );
      expect(parseReport(unix), name).toMatchObject([{ status, verdict }]);
    }
  });

  it('keep several recipients apart', () => {
    expect(
      parseReport(
        dsn(
          { recipient: 'a@example.net', status: '5.1.1', diagnostic: '550 5.1.1 User unknown' },
          { recipient: 'b@example.net', status: '5.2.2', diagnostic: '552 5.2.2 Mailbox full' },
          { recipient: 'c@example.net', status: '2.1.5', action: 'delivered' },
        ),
      ).map(({ recipient, verdict }) => `${recipient} ${verdict}`),
    ).toEqual(['a@example.net hard', 'b@example.net soft', 'c@example.net none']);
    const text = `
Hi. This is the qmail-send program at mx.example.com.

<a@example.net>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 User unknown

<b@example.net>:
192.0.2.1 does not like recipient.
Remote host said: 552 5.2.2 Mailbox full

--- Below this line is a copy of the message.

To: c@example.net
`;
    expect(parseReport(plain(text)).map(({ recipient, verdict }) => `${recipient} ${verdict}`)).toEqual([
      'a@example.net hard',
      'b@example.net soft',
    ]);
  });

  it('in quoted-printable, base64 and Korean encodings are decoded', () => {
    const text = `받는 사람 : <${reader}>\n실패 이유 : 존재하지 않는 계정입니다.\n`;
    const cp949 = Buffer.concat([
      Buffer.from(
        'From: postmaster@portal.example\nContent-Type: text/plain; charset=ks_c_5601-1987\nSubject: failure\n\n',
      ),
      // 받는 사람 : <…> in CP949.
      Buffer.from(`b9deb4c220bbe7b6f7203a203c${Buffer.from(reader).toString('hex')}3e0a`, 'hex'),
      Buffer.from('550 5.1.1\n'),
    ]);
    expect(parseReport(cp949)).toMatchObject([{ recipient: reader, status: '5.1.1', verdict: 'hard' }]);
    const base64 = plain(Buffer.from(text).toString('base64'), {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Transfer-Encoding': 'base64',
    });
    expect(parseReport(base64)).toEqual([{ recipient: reader, status: '5.0.0', verdict: 'hard' }]);
  });

  it('what the returned message says is not taken for a reason', () => {
    const original = `From: news@example.org\nTo: ${reader}\nSubject: 550 5.1.1 user unknown\n\nuser unknown, no such user`;
    expect(parseReport(dsn({ status: '5.0.0', diagnostic: '550 rejected', original }))).toMatchObject([
      { verdict: 'soft' },
    ]);
  });

  it('complaints name every recipient they name', () => {
    expect(parseReport(arf('abuse', 'Original-Rcpt-To: a@example.net\nOriginal-Rcpt-To: b@example.net\n'))).toEqual([
      { recipient: 'a@example.net', status: '', verdict: 'complaint' },
      { recipient: 'b@example.net', status: '', verdict: 'complaint' },
    ]);
  });
});

describe.runIf(existsSync(corpus))('the corpus of real reports', () => {
  it('nobody is wrongly hard, nearly all hard ones are found', () => {
    interface Want {
      status: string;
      reason: string;
      hard: boolean;
    }
    const expected: Record<string, Want[]> = JSON.parse(readFileSync(new URL('expected.json', corpus), 'utf8'));
    let hard = 0;
    let caught = 0;
    const wrong: string[] = [];
    for (const file of readdirSync(corpus).filter(name => name.endsWith('.eml'))) {
      const wants = expected[file]!;
      const found = parseReport(readFileSync(new URL(file, corpus))).filter(({ verdict }) => verdict === 'hard').length;
      const due = wants.filter(want => want.hard).length;
      hard += due;
      caught += Math.min(found, due);
      // A disabled mailbox may be suppressed or not.
      if (found > wants.filter(want => want.hard || want.reason === 'suspend' || want.status === '5.2.1').length)
        wrong.push(file);
    }
    expect(wrong).toEqual([]);
    expect(caught / hard).toBeGreaterThan(0.95);
  });
});
