/** The console's scripts: made when first asked for, cacheable for good, and of nobody's machine. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../src/http/server.ts';
import { openServices, type Services } from '../../support/services.ts';
import { openStaff, type Role } from './staff.ts';
import type { Browser } from './support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
});
afterAll(() => services.close());

test('a page names its scripts by their content, and they are served for good', async () => {
  const html = await staff.viewer.page('/console');
  const path = /<script type="module" src="([^"]+)"/.exec(html)![1]!;
  expect(path).toMatch(/^\/console\/assets\/base-[A-Z0-9]{8}\.js$/);
  const answer = await staff.viewer.request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const script = await answer.text();
  expect(script).not.toContain(process.cwd());
  const packed = await staff.viewer.request(path, { headers: { 'accept-encoding': 'gzip, br' } });
  expect(packed.headers.get('content-encoding')).toBe('br');
  expect((await packed.arrayBuffer()).byteLength).toBeLessThan(script.length / 2);
  expect((await staff.viewer.request('/console/assets/..%2fbase.ts')).status).toBe(404);
});

test('places at the side are those of the role', async () => {
  expect(await staff.owner.page('/console')).toContain('href="/console/settings"');
  const viewer = await staff.viewer.page('/console');
  expect(viewer).not.toContain('href="/console/settings"');
  expect(viewer).not.toContain('href="/console/readers"');
});
