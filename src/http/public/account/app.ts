/** Routes of readers' own affairs. GET changes nothing. */
import { Hono } from 'hono';
import type { Site } from '../reader.ts';
import { confirmNewAddress, newAddressPage, pressRestore, restorePage } from './address.tsx';
import { dataPage, pressData } from './data.tsx';
import { preferencesPage } from './preferences.tsx';
import { changePreferences } from './settle.ts';

export function accountApp(site: Site): Hono {
  const app = new Hono();
  for (const page of ['preferences', 'manage'] as const)
    app
      .get(`/r/:token/${page}`, c => preferencesPage(c, site, page))
      .post(`/r/:token/${page}`, c => changePreferences(c, site, page));
  return app
    .get('/r/:token/address', c => newAddressPage(c, site))
    .post('/r/:token/address', c => confirmNewAddress(c, site))
    .get('/r/:token/restore', c => restorePage(c, site))
    .post('/r/:token/restore', c => pressRestore(c, site))
    .get('/r/:token/data', c => dataPage(c, site))
    .post('/r/:token/data', c => pressData(c, site));
}
