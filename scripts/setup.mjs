#!/usr/bin/env node
// Makes a fresh machine ready: node modules and a Redis server. Needs nothing but Node and npm; quiet and quick when all is there.
// Run by npm before demo, test, check, bench and every command.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = text => process.stderr.write(`setup: ${text}\n`);

/** Runs a program; what it prints is shown only when it fails. @returns whether it succeeded */
function run(program, args, env = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
  });
  if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  return status === 0;
}

function has(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

function fail(text) {
  say(text);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node ${process.versions.node} is too old; install 20.19 or newer.`);
}

function installModules() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const patches = join(root, 'patches');
  for (const name of readdirSync(patches).sort()) hash.update(name).update(readFileSync(join(patches, name)));
  const stamp = join(root, 'node_modules', '.broadsheet-setup');
  const wanted = `${hash.digest('hex')} ${process.platform} ${process.arch}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing node modules …');
  // No install scripts are needed: the embedded Postgres completes itself when it starts.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev'];
  if (!run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args))
    fail('npm could not install the modules; its message is above.');
  // Corrections that a module's next version will bring; patches/README.md says which and why.
  const patch = join(root, 'node_modules', 'patch-package', 'index.js');
  if (!run(process.execPath, [patch, '--error-on-fail']))
    fail('a module could not be corrected; the message is above.');
  writeFileSync(stamp, wanted);
}

/** Package managers, in order of trial: how each installs Redis or, where that is gone, Valkey. */
const managers = [
  {
    program: 'apt-get',
    before: ['update', '-qq'],
    packages: ['redis-server', 'valkey-server'],
    args: name => ['install', '-y', '-qq', '--no-install-recommends', name],
  },
  { program: 'dnf', packages: ['valkey', 'redis'], args: name => ['install', '-y', '-q', name] },
  { program: 'apk', packages: ['valkey', 'redis'], args: name => ['add', '--quiet', '--no-cache', name] },
  { program: 'brew', packages: ['redis', 'valkey'], args: name => ['install', '--quiet', name], rootless: true },
];

function installRedis() {
  if (process.env.REDIS_URL || has('redis-server') || has('valkey-server')) return;
  const manager = managers.find(({ program }) => has(program));
  if (!manager)
    fail('no Redis server found. Install redis-server or valkey-server, or set REDIS_URL to one that runs.');
  const { program, before, packages, args, rootless } = manager;
  const isRoot = process.getuid?.() === 0;
  const useSudo = !rootless && !isRoot && has('sudo', ['-n', 'true']);
  if (!rootless && !isRoot && !useSudo)
    fail(`no Redis server found. Install it with:  sudo ${program} ${args(packages[0]).join(' ')}`);
  say(`installing a Redis server with ${program} …`);
  // Broadsheet runs its own instance; Debian's start-up of a service on the standard port is not wanted here.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const call = list =>
    useSudo
      ? run('sudo', ['-n', ...Object.entries(env).map(([k, v]) => `${k}=${v}`), program, ...list])
      : run(program, list, env);
  if (before) call(before);
  for (const name of packages) if (call(args(name))) break;
  if (!has('redis-server') && !has('valkey-server'))
    fail(`the installation failed. Try it by hand:  ${program} ${args(packages[0]).join(' ')}`);
}

checkNode();
installModules();
installRedis();
