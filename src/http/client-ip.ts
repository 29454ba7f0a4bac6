/** The address that a request came from. It is looked at and never stored. */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

const privatePeer = /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i;

/** Who asks, for limits only. A proxy beside us appends the address it saw: the last one cannot be made up by the client. */
export function clientIp(c: Context): string {
  let peer = '';
  try {
    peer = getConnInfo(c).remote.address ?? '';
  } catch {
    // Called without a socket.
  }
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  return forwarded && (peer === '' || privatePeer.test(peer)) ? forwarded.slice(0, 64) : peer;
}
