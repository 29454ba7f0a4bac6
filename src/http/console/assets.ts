/**
 * The console's scripts: each file of client/ is one bundle, made once in a process when the first page asks for one, and served under a
 * name with its hash. No step before the start can be forgotten, and no built file lies in the tree.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { build, stop } from 'esbuild';
import type { Context } from 'hono';

const folder = fileURLToPath(new URL('./client/', import.meta.url));
const squeeze = promisify(brotliCompress);

interface Asset {
  type: string;
  plain: Uint8Array<ArrayBuffer>;
  brotli: Uint8Array<ArrayBuffer>;
}

interface Bundles {
  /** By file name. */
  assets: Map<string, Asset>;
  /** By name of the bundle: file names of its script and its style sheet. */
  files: Map<string, { script: string; style?: string }>;
}

let bundles: Promise<Bundles> | undefined;

/** @param name of a file in client/, without `.ts` @returns file names below /console/assets/ */
export async function filesOf(name: string): Promise<{ script: string; style?: string }> {
  bundles ??= makeBundles();
  const files = (await bundles).files.get(name);
  if (!files) throw new Error(`client/${name}.ts is missing`);
  return files;
}

/** GET /console/assets/:file. */
export async function asset(c: Context): Promise<Response> {
  bundles ??= makeBundles();
  const found = (await bundles).assets.get(c.req.param('file') ?? '');
  if (!found) return c.notFound();
  const takesBrotli = /\bbr\b/.test(c.req.header('accept-encoding') ?? '');
  return c.body(takesBrotli ? found.brotli : found.plain, 200, {
    'content-type': found.type,
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
    ...(takesBrotli ? { 'content-encoding': 'br' } : {}),
  });
}

async function makeBundles(): Promise<Bundles> {
  const entries = readdirSync(folder).filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'));
  const { outputFiles, metafile } = await build({
    entryPoints: entries.map(file => folder + file),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    outdir: '/',
    entryNames: '[name]-[hash]',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  // Its service would hold the process.
  await stop();
  const assets = new Map<string, Asset>();
  for (const { path, contents } of outputFiles) {
    const type = path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
    const plain = new Uint8Array(contents);
    assets.set(basename(path), { type, plain, brotli: new Uint8Array(await squeeze(plain)) });
  }
  const files = new Map<string, { script: string; style?: string }>();
  for (const [path, { entryPoint, cssBundle }] of Object.entries(metafile.outputs)) {
    if (!entryPoint?.endsWith('.ts')) continue;
    const style = cssBundle ? { style: basename(cssBundle) } : {};
    files.set(basename(entryPoint, '.ts'), { script: basename(path), ...style });
  }
  return { assets, files };
}
