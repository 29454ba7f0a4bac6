/** Files of the proof's widget, served by us under names that change with their content, so that browsers keep them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Context } from 'hono';

/** Folder of the widget's package. */
const folder = dirname(dirname(createRequire(import.meta.url).resolve('altcha/altcha.css')));

/** Name → file in it. The bundle without styles and workers inside: ours is a strict policy. */
const files = {
  'altcha.css': 'external/altcha.css',
  'altcha.js': 'external/altcha.min.js',
  'altcha-ko.js': 'i18n/ko.js',
  'altcha-worker.js': 'workers/pbkdf2.js',
} as const;

type FileName = keyof typeof files;
type Name = FileName | 'proof.js';

interface Asset {
  /** With a part of the content's hash. */
  served: string;
  type: string;
  body: string;
}

let assets: Promise<Map<Name, Asset>> | undefined;

/** Read once, when the first proof is asked for. */
function loaded(): Promise<Map<Name, Asset>> {
  assets ??= load().catch(error => {
    assets = undefined;
    throw error;
  });
  return assets;
}

async function load(): Promise<Map<Name, Asset>> {
  const names = Object.keys(files) as FileName[];
  const read = await Promise.all(
    names.map(async name => [name, assetOf(name, await readFile(join(folder, files[name]), 'utf8'))] as const),
  );
  const all = new Map<Name, Asset>(read);
  const served = (name: FileName) => `./${all.get(name)!.served}`;
  all.set(
    'proof.js',
    assetOf(
      'proof.js',
      starter({ widget: served('altcha.js'), korean: served('altcha-ko.js'), worker: served('altcha-worker.js') }),
    ),
  );
  return all;
}

/** Puts the widget where the page says, once it knows its worker. Relative addresses: the site may live below a path. */
function starter({ widget, korean, worker }: { widget: string; korean: string; worker: string }): string {
  return `import '${widget}';
import '${korean}';
const worker = new URL('${worker}', import.meta.url);
globalThis.$altcha.algorithms.set('PBKDF2/SHA-256', () => new Worker(worker, { type: 'module' }));
const place = document.getElementById('proof');
const element = document.createElement('altcha-widget');
element.setAttribute('name', 'proof');
element.setAttribute('auto', 'onload');
element.setAttribute('language', place.dataset.language);
element.setAttribute('challenge', place.dataset.challenge);
element.setAttribute('configuration', JSON.stringify({ hideFooter: true, hideLogo: true, humanInteractionSignature: false }));
place.append(element);
`;
}

function assetOf(name: Name, body: string): Asset {
  const [stem, ending] = name.split('.') as [string, string];
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
  const type = ending === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
  return { served: `${stem}-${hash}.${ending}`, type, body };
}

/** Where a page finds it. @param base of the site, without a trailing slash */
export async function assetPath(base: string, name: 'proof.js' | 'altcha.css'): Promise<string> {
  return `${base}/assets/${(await loaded()).get(name)!.served}`;
}

/** GET `/assets/:name`. */
export async function asset(c: Context): Promise<Response> {
  const asked = c.req.param('name');
  for (const { served, type, body } of (await loaded()).values()) {
    if (served !== asked) continue;
    c.header('cache-control', 'public, max-age=31536000, immutable');
    c.header('content-type', type);
    return c.body(body);
  }
  return c.notFound();
}
