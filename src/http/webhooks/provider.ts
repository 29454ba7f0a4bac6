/** What each provider's webhook is asked: whether it is genuine, and what it tells. */
import type { ProviderEvent } from '../../track/provider-events.ts';

interface HookRequest {
  /** As it came: signatures are over bytes. */
  body: Buffer;
  header(name: string): string | undefined;
}

export interface Provider {
  /**
   * @returns undefined when it is not proved to be the provider's
   * @throws ZodError or SyntaxError when it is, and cannot be read
   */
  read(request: HookRequest): Promise<ProviderEvent[] | undefined>;
}

/** Longer words say nothing more. */
export const mostWords = 2000;
