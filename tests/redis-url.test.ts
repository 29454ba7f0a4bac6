import { expect, test } from 'vitest';
import { parseRedisUrl } from '../src/redis-url.ts';

test.each([
  ['redis://localhost:6379/2', { kind: 'single', url: 'redis://localhost:6379/2' }],
  ['rediss://u:p@h', { kind: 'single', url: 'rediss://u:p@h' }],
  ['redis+unix:///run/redis.sock', { kind: 'unix', path: '/run/redis.sock' }],
  [
    'redis-cluster://a:7000,10.0.0.2:7001,[::1]:7002',
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 7000 },
        { host: '10.0.0.2', port: 7001 },
        { host: '::1', port: 7002 },
      ],
      login: {},
      tls: false,
    },
  ],
  [
    'rediss-sentinel://app:p%40ss@s1:26379,s2:26379/main/3',
    {
      kind: 'sentinel',
      nodes: [
        { host: 's1', port: 26379 },
        { host: 's2', port: 26379 },
      ],
      login: { username: 'app', password: 'p@ss' },
      tls: true,
      master: 'main',
      db: 3,
    },
  ],
])('%s', (text, address) => {
  expect(parseRedisUrl(text)).toEqual(address);
});

test.each([
  'http://localhost',
  'redis+unix://relative',
  'redis-cluster://',
  'redis-cluster://a',
  'redis-cluster://a:0',
  'redis-cluster://a:70000',
  'redis-cluster://a:7000,',
  'redis-cluster://a:7000/main',
  'redis-sentinel://a:26379',
  'redis-cluster://u:%zz@a:7000',
])('%s is refused', text => {
  expect(parseRedisUrl(text)).toBeUndefined();
});
