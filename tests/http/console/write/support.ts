/** A console with staff, a publication, an issue that went out, and a server that browsers reach. */
import type { BrowserContext, Page, Browser as RealBrowser } from 'playwright-core';
import { insertManuscript } from '../../../../src/db/manuscripts.ts';
import { createApp, type Listening, listen } from '../../../../src/http/server.ts';
import { audience, publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';
import { logIn, openStaff, type Role } from '../staff.ts';
import type { Browser } from '../support.ts';

export interface Desk {
  services: Services;
  staff: Record<Role, Browser>;
  publicationId: number;
  subscriberIds: number[];
  url: string;
  /** @returns its id */
  manuscript(source: string, by?: Role): Promise<number>;
  saved(id: number): Promise<{ source: string; version: number; title: string }>;
  close(): Promise<void>;
}

/** The server listens at the address that it gives itself out for, as behind no proxy. */
export async function openDesk(): Promise<Desk> {
  const services = await openServices();
  const app = await createApp(services);
  const staff = await openStaff(services, app);
  const { publicationId, subscriberIds } = await audience(
    services,
    ['one@example.net', 'two@example.net'],
    publicationOf({ name: '주간 <b>시험</b>' }),
  );
  const { sql } = services;
  // The scripts are made at the first page; on a busy machine that takes longer than a browser waits.
  await staff.editor.page('/console');
  await sql`update subscribers set name = '김하나' where id = ${subscriberIds[0]!}`;
  // For browsers: plain http, so cookies without Secure.
  const local = await createApp({ ...services, config: { ...services.config, publicUrl: 'http://127.0.0.1' } });
  const server: Listening = await listen(local, { host: '127.0.0.1', port: 0 });
  return {
    services,
    staff,
    publicationId,
    subscriberIds,
    url: `http://127.0.0.1:${server.port}`,
    manuscript: async (source, by = 'editor') => {
      const [row] = await sql<{ id: number }[]>`select id from staff where role = ${by}`;
      return insertManuscript(sql, { publicationId, title: '', source, by: row!.id });
    },
    saved: async id => {
      const [row] = await sql<{ source: string; version: number; title: string }[]>`
        select source, version, title from manuscripts where id = ${id}`;
      return row!;
    },
    close: async () => {
      await server.close();
      await services.close();
    },
  };
}

/** A page of a logged-in browser, with what went wrong in it. */
export async function openPage(
  browser: RealBrowser,
  desk: Desk,
  more: { role?: Role; width?: number; colorScheme?: 'light' | 'dark'; lang?: string } = {},
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
  const { role = 'editor', width = 1280, colorScheme = 'light', lang = 'ko-KR' } = more;
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 860 },
    colorScheme,
    locale: lang,
  });
  await logIn(context, desk.url, role);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', message => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', error => errors.push(error.message));
  return { context, page, errors };
}
