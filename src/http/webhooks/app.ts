/** `/hooks/:provider` (rule 3.4): bounces and complaints as providers tell them. 2xx only when what they mean is in Postgres. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ZodError } from 'zod';
import type { HooksConfig } from '../../config.ts';
import { messageOf } from '../../errors.ts';
import { applyEvent } from '../../track/provider-events.ts';
import type { Wiring } from '../../wiring.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import type { Provider } from './provider.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

/** SendGrid gathers up to 768 KB. */
export const hookBytes = 1024 * 1024;

function configured({ sesTopics, sendgridKey, mailgunKey, postmarkPassword }: HooksConfig): Record<string, Provider> {
  return {
    ...(sesTopics.length > 0 ? { ses: ses(sesTopics) } : {}),
    ...(sendgridKey ? { sendgrid: sendgrid(sendgridKey) } : {}),
    ...(mailgunKey ? { mailgun: mailgun(mailgunKey) } : {}),
    ...(postmarkPassword ? { postmark: postmark(postmarkPassword) } : {}),
  };
}

/** @param providers by name in the path; those that are not configured have no route */
export function hooksApp(
  wiring: Pick<Wiring, 'sql' | 'tokens' | 'log' | 'config'>,
  providers: Record<string, Provider> = configured(wiring.config.hooks),
): Hono {
  const { log } = wiring;
  const app = new Hono();
  for (const [name, provider] of Object.entries(providers)) {
    app.post(
      `/hooks/${name}`,
      bodyLimit({ maxSize: hookBytes, onError: c => c.json({ error: 'too large' }, 413) }),
      async c => {
        const body = Buffer.from(await c.req.arrayBuffer());
        let events: Awaited<ReturnType<Provider['read']>>;
        try {
          events = await provider.read({ body, header: field => c.req.header(field) });
        } catch (error) {
          if (!(error instanceof ZodError) && !(error instanceof SyntaxError)) {
            // A certificate could not be fetched: the provider tries again.
            log.warn({ provider: name, error: messageOf(error) }, 'a webhook could not be checked');
            return c.json({ error: 'try again later' }, 503);
          }
          const field = error instanceof ZodError ? error.issues[0]?.path.join('.') : undefined;
          log.warn({ provider: name, field }, 'a webhook could not be read');
          return c.json({ error: 'cannot be read', ...(field ? { field } : {}) }, 400);
        }
        if (!events) {
          log.warn({ provider: name }, 'a webhook that is not proved to be the provider’s was refused');
          return c.json({ error: 'not proved to be the provider’s' }, 403);
        }
        try {
          let recorded = 0;
          for (const event of events) if ((await applyEvent(wiring, event)).recorded) recorded++;
          return c.json({ events: events.length, recorded });
        } catch (error) {
          log.warn({ provider: name, error: messageOf(error) }, 'a webhook waits for Postgres');
          return c.json({ error: 'try again later' }, 503);
        }
      },
    );
  }
  return app;
}
