/** What a session says of where it was opened: enough for its owner to know it, and no address of a person. */
import type { Context } from 'hono';
import type { Whereabouts } from '../../../db/staff.ts';
import { clientIp, networkOf } from '../../client-ip.ts';

const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bWhale\//, 'Whale'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Words of our own only: what the browser says of itself is not kept. */
export function deviceOf(agent: string): string {
  const told = agent.slice(0, 500);
  const named = (names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(told))?.[1];
  return [named(browsers), named(systems)].filter(Boolean).join(' · ');
}

/** `203.0.113.0/24`, `2001:db8:0:1::/64`. */
function shownNetwork(ip: string): string {
  const network = networkOf(ip);
  if (network === 'unknown') return '';
  return network.includes('.') ? network.replace(/\d+$/, '0/24') : `${network}::/64`;
}

export function whereabouts(c: Context): Whereabouts {
  return { device: deviceOf(c.req.header('user-agent') ?? ''), network: shownNetwork(clientIp(c)) };
}
