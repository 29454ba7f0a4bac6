/** What a request's own headers say of who sends it (rule 4.2). */
import type { Context } from 'hono';
import { judgeRequest, type RequestMachine } from '../../track/judge.ts';

/** Headers in which browsers and mail programs say that they fetch ahead of their person. */
const aheadHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

export function judgeRequestOf(c: Context): RequestMachine | undefined {
  return judgeRequest({
    method: c.req.method,
    userAgent: c.req.header('user-agent'),
    purpose: aheadHeaders.flatMap(name => c.req.header(name)?.slice(0, 100) ?? []).join(' '),
  });
}
