import { expect, test } from 'vitest';
import { networkOf } from '../../src/http/client-ip.ts';

test.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['', 'unknown'],
  ['x', 'unknown'],
])('the network of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network));
