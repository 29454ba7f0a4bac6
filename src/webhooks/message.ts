/** A message as it is sent: `{type, timestamp, data}`, the form that Standard Webhooks recommends. */
import type { Message } from './sign.ts';

/**
 * @param messageId a UUID; at each try the same
 * @param more fields beside the three
 */
export function messageOf(
  messageId: string,
  happening: { type: string; at: Date; data: unknown },
  more: Record<string, unknown> = {},
): Message {
  const { type, at, data } = happening;
  const body = Buffer.from(JSON.stringify({ type, timestamp: at.toISOString(), ...more, data }));
  return { id: `msg_${messageId.replaceAll('-', '')}`, body };
}
