import { expect, test } from 'vitest';
import { mayReach, reachOf, urlProblem } from '../../src/webhooks/guard.ts';

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  'fd00:ec2::254',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'nonsense',
])('%s is reached by nobody’s endpoint', address => {
  expect(mayReach(address, 'public')).toBe(false);
});

test('public addresses are; one’s own network is for the operator, metadata for nobody', () => {
  for (const address of ['93.184.216.34', '2606:2800:220:1::1', '::ffff:93.184.216.34'])
    expect(mayReach(address, 'public')).toBe(true);
  for (const address of ['10.0.0.1', 'fd12::1', '127.0.0.1']) expect(mayReach(address, 'operator')).toBe(true);
  expect(mayReach('169.254.169.254', 'operator')).toBe(false);
  expect(mayReach('127.0.0.1', 'loopback')).toBe(true);
  expect(mayReach('10.0.0.1', 'loopback')).toBe(false);
});

test.each([
  ['https://hooks.example/x?key=1', 'public', undefined],
  ['http://hooks.example/x', 'public', 'it is not https'],
  ['http://127.0.0.1:3000/x', 'public', '127.0.0.1 is not a public address'],
  ['https://localhost/x', 'public', 'localhost is this machine'],
  ['https://0x7f000001/', 'public', '127.0.0.1 is not a public address'],
  ['https://[::1]/', 'public', '::1 is not a public address'],
  ['https://u:p@hooks.example/', 'public', 'it holds a user or password'],
  ['https://hooks.example/#a', 'public', 'it has a fragment (#…)'],
  ['ftp://hooks.example/', 'public', 'it is not https'],
  ['hooks.example', 'public', 'it is not a URL'],
  ['http://localhost:3000/x', 'loopback', undefined],
  ['http://hooks.example/', 'loopback', 'it is not https'],
  ['http://chat.internal/hook', 'operator', undefined],
] as const)('%s (%s): %s', (url, reach, problem) => {
  expect(urlProblem(url, reach)).toBe(problem);
});

test('endpoints on this machine only where readers’ links lead to it', () => {
  expect(
    ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:3', 'https://news.example.org'].map(reachOf),
  ).toEqual(['loopback', 'loopback', 'loopback', 'public']);
});
