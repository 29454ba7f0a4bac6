/** What a delivering process is doing, as its heartbeat says it. No address, no credentials. */
import { z } from 'zod';

const count = z.number().int().nonnegative();

export const doingSchema = z.object({
  /** Messages a second in the last minute, whatever became of them. */
  perSecond: z.number().nonnegative(),
  /** Open to relays. */
  connections: count,
  lanes: z.array(
    z.object({
      lane: z.string(),
      /** As Redis knows it: without credentials. */
      relay: z.string(),
      perSecond: z.number().nonnegative(),
      connections: count,
      /** Messages that wait for a permit. */
      waiting: count,
    }),
  ),
});
export type Doing = z.infer<typeof doingSchema>;
