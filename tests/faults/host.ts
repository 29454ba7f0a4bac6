/**
 * Hosts of their own on one machine: Linux network namespaces with an address each on a bridge. The kernel carries their packets and, when
 * told to, drops them. Needs root and `ip` (iproute2); dropping what goes to one port needs `nft` (nftables).
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Random } from './random.ts';
import { Skipped } from './rows.ts';

const run = promisify(execFile);
const ip = (...args: string[]) => run('ip', args);

/** A bridge on which hosts meet this machine. */
export interface Bridge {
  /** This machine's address there. */
  address: string;
  /** @param nth from 1 */
  addHost(nth: number): Promise<Host>;
  /** Ends what runs on the hosts, and takes all away. */
  close(): Promise<void>;
}

/** @throws Skipped where this machine does not allow it */
export async function openBridge(random: Random): Promise<Bridge> {
  // Interface names have 15 characters at most; two runs at once must not meet.
  const name = `bs${randomBytes(3).toString('hex')}`;
  // RFC 2544's range, which no real network uses.
  const net = `198.18.${Math.floor(random.between(0, 256))}`;
  const hosts: Host[] = [];
  const close = async () => {
    for (const host of hosts) await host.close();
    await ip('link', 'del', name).catch(() => {});
  };
  try {
    await ip('link', 'add', name, 'type', 'bridge');
    await ip('addr', 'add', `${net}.1/24`, 'dev', name);
    await ip('link', 'set', name, 'up');
  } catch (error) {
    await close();
    throw new Skipped(`needs network namespaces: ${wordsOf(error)}`);
  }
  return {
    address: `${net}.1`,
    addHost: async nth => {
      const host = new Host(`${name}h${nth}`, `${net}.${nth + 1}`);
      hosts.push(host);
      await host.open(name).catch(error => {
        throw new Skipped(`needs network namespaces: ${wordsOf(error)}`);
      });
      return host;
    },
    close,
  };
}

export class Host {
  /** Its host name, too. */
  readonly name: string;
  readonly address: string;

  constructor(name: string, address: string) {
    this.name = name;
    this.address = address;
  }

  /** The cable's end at the bridge. */
  get #cable(): string {
    return `${this.name}v`;
  }

  async open(bridge: string): Promise<void> {
    await ip('netns', 'add', this.name);
    await ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.name);
    await ip('link', 'set', this.#cable, 'master', bridge, 'up');
    await ip('-n', this.name, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) await ip('-n', this.name, 'link', 'set', device, 'up');
  }

  /** Starts a program there, under the host's own name. Its process id is the program's. */
  start(command: string[], env: Record<string, string>, log: number): ChildProcess {
    const named = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', this.name, ...command];
    return spawn('ip', ['netns', 'exec', this.name, ...named], { env, stdio: ['ignore', log, log] });
  }

  unplug(): Promise<unknown> {
    return ip('link', 'set', this.#cable, 'down');
  }

  plugIn(): Promise<unknown> {
    return ip('link', 'set', this.#cable, 'up');
  }

  /** Nothing passes between it and a port of this machine. */
  drop(port: number): Promise<void> {
    return this.#dropOnTheWay(`tcp dport ${port}`, `tcp sport ${port}`);
  }

  /** Nothing is dropped any more; again it changes nothing. */
  async pass(): Promise<void> {
    const nothing = `add table netdev ${this.name}\ndelete table netdev ${this.name}`;
    await run('nft', [nothing]);
    await this.#inside('nft', nothing);
  }

  /** Where packets arrive, at either end of the cable: a sender whose own kernel drops them would be told. */
  async #dropOnTheWay(said: string, heard: string): Promise<void> {
    const rules = (device: string, what: string) =>
      `add table netdev ${this.name}
add chain netdev ${this.name} way { type filter hook ingress device ${device} priority 0 ; }
add rule netdev ${this.name} way ${what} drop`;
    await run('nft', [rules(this.#cable, said)]);
    await this.#inside('nft', rules('eth0', heard));
  }

  #inside(...command: string[]): Promise<{ stdout: string }> {
    return ip('netns', 'exec', this.name, ...command);
  }

  async close(): Promise<void> {
    const { stdout } = await ip('netns', 'pids', this.name).catch(() => ({ stdout: '' }));
    for (const pid of stdout.split(/\s+/).map(Number).filter(Boolean)) kill(pid);
    await ip('netns', 'del', this.name).catch(() => {});
    await ip('link', 'del', this.#cable).catch(() => {});
    await run('nft', ['delete', 'table', 'netdev', this.name]).catch(() => {});
  }
}

/** @returns undefined when it is there */
export async function missingNft(): Promise<string | undefined> {
  return run('nft', ['--version']).then(
    () => undefined,
    error => wordsOf(error),
  );
}

/** Ends a child in order. @returns its exit code */
export async function ended(child: ChildProcess, mostMs: number): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), mostMs);
  child.kill('SIGTERM');
  const [code] = (await gone) as [number | null];
  clearTimeout(late);
  return code;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function wordsOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr || message).trim().split('\n')[0]!;
}
