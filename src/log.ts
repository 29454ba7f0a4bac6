/** Structured logs on stderr; no e-mail address ever leaves through them. */
import pino, { type Logger } from 'pino';

export type { Logger };

const addressLike = /[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255}/g;

/** Replaces what looks like an address: SMTP replies repeat the recipient's. */
export function withoutAddresses(text: string): string {
  return text.replace(addressLike, '<address>');
}

/** Letters and digits around it make it part of another word. */
const wordAround = '[\\p{L}\\p{N}]';
/** Shorter ones are in every second word. */
const leastLocal = 3;

/** Takes out the part before the @ as well, which some servers repeat alone. */
export function withoutReader(text: string, email: string): string {
  const local = email.slice(0, email.lastIndexOf('@'));
  if (local.length < leastLocal || !text.toLowerCase().includes(local.toLowerCase())) return withoutAddresses(text);
  const escaped = local.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return withoutAddresses(text).replace(
    new RegExp(`(?<!${wordAround})${escaped}(?!${wordAround})`, 'giu'),
    '<address>',
  );
}

/** @param level pino level; `silent` for none. */
export function createLogger(level: string, name: string): Logger {
  return pino(
    {
      name,
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      hooks: {
        streamWrite: line => withoutAddresses(line),
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
