import { afterAll, beforeAll, expect, test } from 'vitest';
import { LoginLimits } from '../../../src/http/console/limits.ts';
import { openServices, type Services } from '../../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test('one network cannot use up an address’s tries for everybody', async () => {
  const limits = new LoginLimits(services);
  const tries = [];
  for (let i = 0; i < 150; i++) tries.push(await limits.count('owner@example.org', '192.0.2.1'));
  expect(tries.filter(Boolean)).toHaveLength(10);
  expect(await limits.count('owner@example.org', '192.0.2.2')).toBe(true);
});

test('many addresses from one network are limited too', async () => {
  const limits = new LoginLimits(services);
  const tries = [];
  for (let i = 0; i < 80; i++) tries.push(await limits.count(`someone${i}@example.org`, '192.0.2.3'));
  expect(tries.filter(Boolean)).toHaveLength(50);
});
