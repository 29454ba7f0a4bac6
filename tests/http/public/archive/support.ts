/** An archive as it stands after publishing: issues composed and rendered from Markdown, put into the archive as the tick does. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hono } from 'hono';
import { Archivist } from '../../../../src/archive/archive.ts';
import { compose } from '../../../../src/compose/compose.ts';
import { insertPastIssue } from '../../../../src/db/past-issues.ts';
import { putPublication } from '../../../../src/db/publications.ts';
import { hashOf } from '../../../../src/enqueue/submit.ts';
import { createApp } from '../../../../src/http/server.ts';
import type { Issue } from '../../../../src/model/issue.ts';
import { render } from '../../../../src/render/render.ts';
import { publicationOf } from '../../../support/fixtures.ts';
import { openServices, type Services } from '../../../support/services.ts';

export const sampleSource = readFileSync(
  fileURLToPath(new URL('../../../../templates/sample/issue.ko.md', import.meta.url)),
  'utf8',
);

export interface ArchiveStage {
  services: Services;
  app: Hono;
  /** Publishes a text, or an issue as it stands, to nobody. */
  publish(text: string | Issue, slug: string, at: string, publication?: Record<string, unknown>): Promise<void>;
  /** What the tick does until nothing is left. */
  archive(): Promise<void>;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; headers: Headers; text: string }>;
}

export async function openArchive(env: Record<string, string> = {}): Promise<ArchiveStage> {
  const services = await openServices({ PUBLIC_URL: 'https://news.example.org', ...env });
  const { sql } = services;
  const app = await createApp(services);
  const archivist = new Archivist(services, '00000000-0000-4000-8000-000000000001');
  const archive = async () => {
    while ((await archivist.work()) > 0);
  };
  return {
    services,
    app,
    archive,
    publish: async (text, slug, at, more = {}) => {
      const publication = publicationOf(more);
      const { id } = await putPublication(sql, publication);
      const issue = typeof text === 'string' ? compose(text, { publication }).issue : text;
      const edition = await render(issue, { publication, sendDate: at.slice(0, 10) });
      const source = typeof text === 'string' ? text : slug;
      const stored = { publicationId: id, slug, source, sourceHash: hashOf(source), issue, edition };
      await insertPastIssue(sql, stored, new Date(at));
      await archive();
    },
    get: async (path, headers = {}) => {
      const answer = await app.request(path, { headers });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    },
  };
}

/** Addresses of our own that a page links to, without their fragments; and the fragments by address. */
export function linksOf(html: string): { path: string; fragment: string }[] {
  return [...html.matchAll(/(?:href|src|content)="([^"]*)"/g)]
    .map(match => match[1]!.replaceAll('&amp;', '&').replace('https://news.example.org', ''))
    .filter(url => /^\/(?!\/)|^#|^\?/.test(url))
    .map(url => ({ path: url.replace(/#.*$/, ''), fragment: decodeURIComponent(/#(.*)$/.exec(url)?.[1] ?? '') }));
}
