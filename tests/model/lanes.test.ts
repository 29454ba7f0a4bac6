import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { domainsOf, type Lane, laneNamed, laneOfMx, lanesFileSchema, lanesOf } from '../../src/model/lanes.ts';
import { openWiring } from '../../src/wiring.ts';
import { openServices } from '../support/services.ts';

const changed = (changes: unknown) => lanesOf(lanesFileSchema.parse(changes));

test('the standard lanes have the starting limits, and no domain twice', () => {
  const lanes = lanesOf();
  expect(lanes.get('google')).toMatchObject({ connections: 5, messagesPerConnection: 50, perSecond: null });
  expect(lanes.get('naver')).toMatchObject({ connections: 3, messagesPerConnection: 50 });
  expect(lanes.get('other')).toMatchObject({ connections: null, messagesPerConnection: 100, domains: [] });
  const domains = [...lanes.values()].flatMap(lane => lane.domains);
  expect(new Set(domains).size).toBe(domains.length);
  expect(domainsOf(lanes)).toMatchObject({ 'gmail.com': 'google', 'hanmail.net': 'kakao', 'outlook.kr': 'microsoft' });
});

describe("an operator's changes", () => {
  test('replace limits, add domains, and leave the rest as it is', () => {
    const google = changed({ google: { connections: 10, perSecond: 0.5, domains: ['Corp.Example.'] } }).get('google')!;
    expect(google).toMatchObject({ connections: 10, perSecond: 0.5, messagesPerConnection: 50 });
    expect(google.domains).toEqual(['gmail.com', 'googlemail.com', 'corp.example']);
    expect(google.mx).toEqual(lanesOf().get('google')!.mx);
    expect(changed({ other: { perSecond: 100 } }).get('other')).toMatchObject({ perSecond: 100, connections: null });
  });

  test('make a lane, which takes its domains from those that had them', () => {
    const lanes = changed({ google: { domains: ['naver.com'] }, campus: { domains: ['snu.ac.kr', 'gmail.com'] } });
    expect(domainsOf(lanes)).toMatchObject({ 'gmail.com': 'campus', 'naver.com': 'google', 'snu.ac.kr': 'campus' });
    expect(lanes.get('google')!.domains).not.toContain('gmail.com');
    expect(lanes.get('campus')).toMatchObject({
      name: 'campus',
      connections: null,
      messagesPerConnection: 100,
      mx: [],
    });
  });

  test('name domains as readers’ domains are kept', () => {
    expect(changed({ campus: { domains: ['한국.kr', '@SNU.ac.kr'] } }).get('campus')!.domains).toEqual([
      'xn--3e0b707e.kr',
      'snu.ac.kr',
    ]);
  });

  test.each([
    ['a lane named badly', { 'My Lane': {} }],
    ['a name that every object has, with nothing in it', { constructor: { domains: ['not a domain'] } }],
    ['a field that is none', { google: { conections: 3 } }],
    ['no connections', { google: { connections: 0 } }],
    ['no rate', { google: { perSecond: 0 } }],
    ['text for a number', { google: { perSecond: '5' } }],
    ['what is no domain', { google: { domains: ['kim@corp.example'] } }],
    ['a top-level domain', { google: { mx: ['kr'] } }],
    ['a domain in two lanes', { google: { domains: ['a.kr'] }, campus: { domains: ['A.kr'] } }],
    ['too many lanes', Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`lane-${i}`, {}]))],
  ])('are refused: %s', (_, changes) => {
    expect(lanesFileSchema.safeParse(changes).success).toBe(false);
  });

  test('may call a lane like anything an object has', () => {
    expect(changed({ constructor: { domains: ['a.kr'] } }).get('constructor')).toMatchObject({ domains: ['a.kr'] });
  });
});

test('a lane that an operator took away has everyone else’s limits under its own name', () => {
  const lane: Lane = laneNamed(lanesOf(), 'campus');
  expect(lane).toMatchObject({ name: 'campus', messagesPerConnection: 100, connections: null });
});

test.each([
  [['aspmx.l.google.com', 'alt1.aspmx.l.google.com'], 'google'],
  [['ASPMX.L.GOOGLE.COM.'], 'google'],
  [['corp-example.mail.protection.outlook.com'], 'microsoft'],
  [['mx1.naver.com'], 'naver'],
  [['google.com.evil.example', 'notgoogle.com', ''], undefined],
  [['mx.own.example', 'backup.google.com'], 'google'],
  [['mx1.naver.com', 'backup.google.com'], 'naver'],
  [[], undefined],
])('mail exchangers %o belong to %s', (hosts, lane) => {
  expect(laneOfMx(lanesOf(), hosts)).toBe(lane);
});

test('of two lanes whose exchangers a host lies below, the longer name decides', () => {
  const lanes = changed({ campus: { mx: ['snu-ac-kr.mail.protection.outlook.com'] } });
  expect(laneOfMx(lanes, ['snu-ac-kr.mail.protection.outlook.com'])).toBe('campus');
  expect(laneOfMx(lanes, ['other-kr.mail.protection.outlook.com'])).toBe('microsoft');
});

describe('LANES_FILE', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'broadsheet-lanes-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is read at start', async () => {
    const file = join(folder, 'lanes.yaml');
    await writeFile(file, '\ufeff# ours\ncampus:\n  domains: [snu.ac.kr]\n  perSecond: 5\n');
    const services = await openServices({ LANES_FILE: file });
    expect(services.lanes.get('campus')).toMatchObject({ domains: ['snu.ac.kr'], perSecond: 5 });
    expect(services.lanes.get('google')).toMatchObject({ connections: 5 });
    await services.close();
  });

  test.each([
    ['google:\n  connections: many\n', 2, /google\.connections/],
    ['google: {}\nMyLane:\n  perSecond: 1\n', 2, /MyLane use small letters/],
    ['google:\n  speed: 5\n', 2, /google\.speed is not a field of a lane/],
    ['a-lane:\n  domains: [x.kr]\nb-lane:\n  domains:\n    - y.kr\n    - x.kr\n', 6, /is a-lane's already/],
    ['google: {\n', 2, /./],
    ['', 1, /such as “google: { connections: 10 }”/],
  ])('with a mistake stops the start and names the line (%#)', async (text, line, message) => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, text);
    const opening = openWiring(readConfig({ LANES_FILE: file, DATA_DIR: folder }), 'test');
    await expect(opening).rejects.toMatchObject({ code: 'LANES_INVALID', file, line });
    await expect(opening).rejects.toThrow(message);
  });

  test('that is not there stops the start', async () => {
    const opening = openWiring(readConfig({ LANES_FILE: join(folder, 'none.yaml'), DATA_DIR: folder }), 'test');
    await expect(opening).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
