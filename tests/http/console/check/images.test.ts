/** Pictures: what is kept, what readers are served, and what is refused that only calls itself one. */
import { deflateSync } from 'node:zlib';
import type { Hono } from 'hono';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertImage } from '../../../../src/db/images.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { readPicture } from '../../../../src/http/console/check/picture.ts';
import { createApp } from '../../../../src/http/server.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, tokenOf } from '../staff.ts';
import { type Browser, origin } from '../support.ts';

let services: Services;
let app: Hono;
let staff: Record<Role, Browser>;
let publicationId: number;

beforeAll(async () => {
  services = await openServices();
  app = await createApp(services);
  staff = await openStaff(services, app);
  publicationId = (await putPublication(services.sql, publicationOf())).id;
});
afterAll(() => services.close());

const red = { r: 200, g: 40, b: 30 };
const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: red } });

/** Unlike a drawing: a picture that JPEG packs better. */
async function photograph(width: number, height: number) {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0, seed = 7; i < pixels.length; i++) {
    seed = (seed * 48271) % 2147483647;
    pixels[i] = (seed % 64) + ((i / width) & 127);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Frames of 40 × 30 in different colours. */
async function moving(frames: number): Promise<Buffer> {
  const pixels = Buffer.concat(Array.from({ length: frames }, (_, at) => Buffer.alloc(40 * 30 * 3, (at * 60) % 256)));
  return sharp(pixels, { raw: { width: 40, height: 30 * frames, channels: 3, pageHeight: 30 } })
    .gif({ delay: Array.from({ length: frames }, () => 100) })
    .toBuffer();
}

async function upload(bytes: Buffer, given: { role?: Role; query?: string; token?: string; type?: string } = {}) {
  const browser = staff[given.role ?? 'editor'];
  const headers = {
    origin,
    'content-type': given.type ?? 'image/png',
    'content-length': String(bytes.length),
    'x-form-token': given.token ?? (await tokenOf(browser)),
  };
  const path = `/console/images?${given.query ?? 'publication=weekly'}`;
  const answer = await browser.request(path, { method: 'POST', headers, body: new Uint8Array(bytes) as never });
  return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Record<string, string> };
}

const load = (url: string, headers: Record<string, string> = {}) => app.request(url, { headers });

test('a picture is turned, made smaller, loses what it tells of its maker, and is served for good', async () => {
  const bytes = await (await photograph(1800, 2400))
    .jpeg()
    .withMetadata({ orientation: 6, exif: { IFD0: { Copyright: 'SECRET-PLACE' } } })
    .toBuffer();
  expect(bytes.includes('SECRET-PLACE')).toBe(true);
  const { status, body } = await upload(bytes, { type: 'image/jpeg' });
  expect(status).toBe(200);
  // 1800 × 2400 lying on its side is 2400 × 1800.
  expect(body).toMatchObject({ type: 'image/jpeg', width: 1200, height: 900 });
  expect(body.url).toMatch(/^https:\/\/news\.example\.org\/i\/[\w-]{43}\.jpg$/);
  const served = await load(body.url!);
  expect(served.status).toBe(200);
  const headers = Object.fromEntries(served.headers);
  expect(headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  });
  expect(headers['set-cookie']).toBeUndefined();
  const kept = Buffer.from(await served.arrayBuffer());
  expect(kept.length).toBe(body.bytes);
  expect(kept.includes('SECRET-PLACE')).toBe(false);
  expect(await sharp(kept).metadata()).toMatchObject({ format: 'jpeg', width: 1200, height: 900 });
  expect((await sharp(kept).metadata()).orientation).toBeUndefined();
  expect((await load(body.url!, { 'if-none-match': `W/${headers.etag}` })).status).toBe(304);
  // The same again is the same.
  expect((await upload(bytes)).body.url).toBe(body.url);
  const [row] =
    await services.sql`select count(*)::int as n, max(created_by) as by from images where type = 'image/jpeg'`;
  expect(row!.n).toBe(1);
  expect(row!.by).not.toBeNull();
  const [audit] = await services.sql`select email, subject from audit where act = 'image.add' order by id limit 1`;
  expect(audit).toEqual({ email: 'editor@example.org', subject: `publication ${publicationId}` });
});

test('drawings become PNG, also what is seen through; WebP becomes what every client shows', async () => {
  expect((await upload(await flat(300, 200).jpeg().toBuffer())).body).toMatchObject({ type: 'image/png', width: 300 });
  const clear = sharp({ create: { width: 90, height: 60, channels: 4, background: { ...red, alpha: 0.4 } } });
  const { body } = await upload(await clear.webp().toBuffer(), { type: 'image/webp' });
  expect(body).toMatchObject({ type: 'image/png', width: 90, height: 60 });
  const kept = Buffer.from(await (await load(body.url!)).arrayBuffer());
  expect((await sharp(kept).stats()).isOpaque).toBe(false);
});

test('what moves goes on moving as GIF, with a word about Outlook; the ending is part of the address', async () => {
  const { body } = await upload(await moving(3), { type: 'image/gif' });
  expect(body).toMatchObject({ type: 'image/gif', width: 40, height: 30 });
  expect(body.note).toContain('Outlook');
  const kept = Buffer.from(await (await load(body.url!)).arrayBuffer());
  expect((await sharp(kept).metadata()).pages).toBe(3);
  expect((await load(body.url!.replace(/gif$/, 'png'))).status).toBe(404);
  const many = await readPicture(await moving(301));
  expect(many).toMatchObject({ note: 'stilled', type: 'image/png' });
});

/** A PNG that says it is as large as this, in a few bytes. */
function claimed(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(8 + body.length);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc(body), 4 + body.length);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const pixels = deflateSync(Buffer.alloc(1000));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const page = '<!doctype html><html><script>alert(1)</script></html>';
const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

test.each<[string, string, () => Buffer | Promise<Buffer>]>([
  ['HTML named .png', 'notPicture', () => Buffer.from(page)],
  ['nothing', 'notPicture', () => Buffer.alloc(0)],
  ['SVG', 'kind', () => Buffer.from(svg)],
  ['SVG behind a comment', 'kind', () => Buffer.from(`<!-- GIF -->\n${svg.slice(21)}`)],
  ['PDF', 'notPicture', () => Buffer.from('%PDF-1.7\n')],
  [
    'a PNG head before HTML',
    'broken',
    () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(page)]),
  ],
  ['a GIF head before script', 'broken', () => Buffer.from(`GIF89a/*${page}*/=1;`)],
  ['half a JPEG', 'broken', async () => (await (await photograph(400, 300)).jpeg().toBuffer()).subarray(0, 9000)],
  ['half a PNG', 'broken', async () => (await (await photograph(200, 100)).png().toBuffer()).subarray(0, 9000)],
  ['50,000 × 50,000', 'pixels', () => claimed(50_000, 50_000)],
  ['more than it says', 'broken', () => claimed(5_000, 5_000)],
])('%s is refused as %s, and nothing is kept', async (_what, code, make) => {
  const count = async () => (await services.sql`select count(*)::int as n from images`)[0]!.n;
  const before = await count();
  const { status, body } = await upload(await make());
  expect({ status, code: body.code }).toEqual({ status: 422, code });
  expect(body.error).toMatch(/\.$/);
  expect(body.help).toMatch(/\.$/);
  expect(await count()).toBe(before);
});

test('what hides behind a picture does not come along', async () => {
  for (const picture of [flat(20, 20).png(), flat(20, 20).jpeg(), flat(20, 20).gif()]) {
    const { status, body } = await upload(Buffer.concat([await picture.toBuffer(), Buffer.from(page)]));
    expect(status).toBe(200);
    expect(await (await load(body.url!)).text()).not.toContain('<script>');
  }
});

test('only writers, with a token, for a publication that is there, up to 10 MB', async () => {
  const bytes = await flat(9, 9).png().toBuffer();
  for (const role of ['viewer', 'operator'] as const) expect((await upload(bytes, { role })).status).toBe(403);
  expect((await upload(bytes, { token: 'x' })).status).toBe(403);
  expect((await upload(bytes, { query: 'publication=other' })).body.code).toBe('PUBLICATION_UNKNOWN');
  expect((await upload(bytes, { query: 'manuscript=99' })).body.code).toBe('PUBLICATION_UNKNOWN');
  const anyone = await app.request(`${origin}/console/images?publication=weekly`, {
    method: 'POST',
    headers: { origin },
    body: new Uint8Array(bytes),
  });
  expect(anyone.status).not.toBe(200);
  expect((await upload(Buffer.alloc(10 * 1024 * 1024 + 1))).status).toBe(413);
});

test('a publication has so much room, and no more', async () => {
  const picture = await readPicture(await flat(77, 7).png().toBuffer());
  if (typeof picture === 'string') throw new Error(picture);
  const { sql } = services;
  const staffId = (await sql<{ id: number }[]>`select id from staff limit 1`)[0]!.id;
  const [{ used }] = (await sql`
    select coalesce(sum(bytes), 0)::int as used from images where publication_id = ${publicationId}`) as never as [
    { used: number },
  ];
  const room = { publicationId, by: staffId, mostBytes: used + picture.data.length };
  expect(await insertImage(sql, picture, { ...room, mostBytes: room.mostBytes - 1 })).toBe(false);
  expect(await insertImage(sql, picture, room)).toBe(true);
  // Another look at the same takes no room.
  expect(await insertImage(sql, picture, room)).toBe(true);
});

test('addresses that are not of a picture are not found', async () => {
  for (const path of ['/i/x', '/i/..%2f..%2fetc', `/i/${'A'.repeat(43)}.png`, `/i/${'A'.repeat(43)}.svg`])
    expect((await load(origin + path)).status).toBe(404);
});
