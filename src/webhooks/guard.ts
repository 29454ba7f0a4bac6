/**
 * Where a webhook may go: public addresses by https. Checked at the moment of connecting, on the address that is connected to, so that a
 * name that resolves to something else the second time gains nothing.
 */
import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `public`: anyone's endpoint, https. `loopback`: this machine too, also by http, where readers' links lead to it as well. `operator`: what
 * the environment names, in one's own network too.
 */
export type Reach = 'public' | 'loopback' | 'operator';

/** Public by its range, and a cloud's own service all the same: Azure's agent, which answers on every machine there. */
const services = new Set(['168.63.129.16']);

/** Whether a connection to this address may be opened. */
export function mayReach(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === 'unicast') return !services.has(parsed.toString());
  if (range === 'loopback') return reach !== 'public';
  return reach === 'operator' && (range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat');
}

/** Why nothing can be sent to this URL, in words; undefined when something can, as far as the URL tells. */
export function urlProblem(text: string, reach: Reach): string | undefined {
  if (!URL.canParse(text)) return 'it is not a URL';
  const url = new URL(text);
  const host = hostOf(url);
  const isLoopback = isThisMachine(host);
  if (url.username || url.password) return 'it holds a user or password';
  if (url.hash) return 'it has a fragment (#…)';
  if (isIP(host) !== 0 && !mayReach(host, reach)) return `${host} is not a public address`;
  if (isLoopback && reach === 'public') return `${host} is this machine`;
  const isHttp = url.protocol === 'http:' && (reach === 'operator' || (reach === 'loopback' && isLoopback));
  return url.protocol === 'https:' || isHttp ? undefined : 'it is not https';
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback');
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

/** Resolves for a socket that is about to connect, and gives it only addresses that may be reached. */
export function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => mayReach(address, reach));
      if (allowed.length === 0) {
        const refused = new Error(`${hostname} has no public address`);
        return callback(Object.assign(refused, { code: 'EADDRREFUSED' }), '', 0);
      }
      if (options.all) return callback(null, allowed);
      callback(null, allowed[0]!.address, allowed[0]!.family);
    });
  };
}

/** An installation that readers reach on this machine only is somebody's trial: its endpoints may be here too. */
export function reachOf(publicUrl: string): Reach {
  return isThisMachine(hostOf(new URL(publicUrl))) ? 'loopback' : 'public';
}
