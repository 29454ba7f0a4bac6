/** What the tests of readers' pages share: a newsroom with staff, readers, and imports brought through as a browser does. */
import type { Hono } from 'hono';
import { createApp } from '../../../../src/http/server.ts';
import { workImports } from '../../../../src/subscribers/import-job.ts';
import { audience, publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { openStaff, type Role, tokenOf } from '../staff.ts';
import { type Browser, origin } from '../support.ts';

export interface Newsroom {
  services: Services;
  app: Hono;
  staff: Record<Role, Browser>;
  publicationId: number;
  ids: number[];
}

export async function openNewsroom(addresses: string[], env: Record<string, string> = {}): Promise<Newsroom> {
  const services = await openServices(env);
  const app = await createApp(services);
  const staff = await openStaff(services, app);
  const { publicationId, subscriberIds } = await audience(
    services,
    addresses,
    publicationOf({ fields: { 회사: '', city: '' } }),
  );
  return { services, app, staff, publicationId, ids: subscriberIds };
}

/** Presses a form as this role's browser would. */
export async function press(browser: Browser, path: string, fields: Record<string, string> = {}): Promise<Response> {
  return browser.post(path, { token: await tokenOf(browser), ...fields });
}

async function callJson(browser: Browser, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-form-token': await tokenOf(browser), origin };
  return browser.request(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Uploads a file in parts. @returns the import's id, and the answer to the last call */
export async function uploadFile(
  { app, publicationId }: Newsroom,
  browser: Browser,
  file: Buffer,
  name = 'list.csv',
): Promise<{ id: number; answer: Response }> {
  const begun = (await (
    await callJson(browser, '/console/readers/imports/new', { publication: publicationId, name })
  ).json()) as {
    id: number;
    partBytes: number;
  };
  const token = await tokenOf(browser);
  for (let number = 0; number * begun.partBytes < file.length; number++) {
    const part = file.subarray(number * begun.partBytes, (number + 1) * begun.partBytes);
    const sent = await app.request(`${origin}/console/readers/imports/${begun.id}/parts/${number}`, {
      method: 'POST',
      headers: { cookie: browser.cookie, origin, 'x-form-token': token, 'content-length': String(part.length) },
      body: new Uint8Array(part),
    });
    if (sent.status !== 200) throw new Error(`part ${number}: ${sent.status}`);
  }
  return { id: begun.id, answer: await callJson(browser, `/console/readers/imports/${begun.id}/uploaded`, {}) };
}

export const proof = { source: '행사 신청서', at: '2026-01-02', wording: '뉴스레터를 받는 데 동의합니다.' };

/** Works what is to be worked, as the tick process does. @param batches after which the process dies */
export async function work({ services }: Newsroom, batches = Number.POSITIVE_INFINITY): Promise<void> {
  let asked = 0;
  await workImports({ ...services, dataDir: services.config.dataDir }, async () => asked++ <= batches);
}
