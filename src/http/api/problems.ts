/** Refusals as RFC 9457 problem details: which code has which status, and what a program may read of it. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { BroadsheetError, type ErrorCode } from '../../errors.ts';

const statusOf: Partial<Record<ErrorCode, number>> = {
  BODY_UNREADABLE: 400,
  CURSOR_INVALID: 400,
  IDEMPOTENCY_KEY_INVALID: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  ROUTE_UNKNOWN: 404,
  ISSUE_UNKNOWN: 404,
  PUBLICATION_UNKNOWN: 404,
  SUBSCRIBER_UNKNOWN: 404,
  SEGMENT_UNKNOWN: 404,
  METHOD_WRONG: 405,
  BUSY: 409,
  IDEMPOTENCY_KEY_RUNNING: 409,
  ISSUE_STATE: 409,
  ISSUE_CORRECTED: 409,
  ISSUE_ALREADY_SENT: 409,
  SUBSCRIBER_SUPPRESSED: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_WRONG: 415,
  ADDRESS_INVALID: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  ISSUE_REFUSED: 422,
  POOL_UNKNOWN: 422,
  POOL_EXPIRED: 422,
  CODES_SHORT: 409,
  PUBLICATION_INVALID: 422,
  TEMPLATE_INVALID: 422,
  REQUEST_INVALID: 422,
  RATE_EXCEEDED: 429,
  // The installation cannot send as it is configured: nothing that the caller can change.
  DKIM_INVALID: 503,
  RELAY_UNKNOWN: 503,
  SMTP_UNSET: 503,
  UNAVAILABLE: 503,
};

const titles: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with the present state',
  413: 'Too large',
  415: 'Media type not supported',
  422: 'The request cannot be used',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
};

export interface FieldError {
  /** JSON pointer into the body, as a URI fragment (RFC 6901 §6). */
  pointer?: string;
  /** Of the query. */
  parameter?: string;
  detail: string;
}

export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable, for programs.' }),
    detail: z.string().meta({ description: 'What happened and what to do, for people.' }),
    errors: z
      .array(z.strictObject({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });

/** A refusal with more than a code and words. */
export class Refusal extends BroadsheetError {
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(code, detail);
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** One wrong field of the body. @param pointer as `/from/address` */
export const wrongField = (pointer: string, detail: string): Refusal =>
  new Refusal('REQUEST_INVALID', `${pointer}: ${detail}`, { errors: [{ pointer: `#${pointer}`, detail }] });

export interface Problem {
  status: number;
  body: z.infer<typeof problemSchema>;
  headers: Readonly<Record<string, string>>;
}

/** Postgres is not there, or goes down or comes up (class 57P). */
const isAway = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(CONNECT|ECONN|ENOENT$|57P0)/.test(String(error.code));

/** @returns undefined: nothing that the caller may learn about */
export function problemOf(thrown: unknown): Problem | undefined {
  const error = isAway(thrown) ? new BroadsheetError('UNAVAILABLE', 'Postgres does not answer') : thrown;
  if (!(error instanceof BroadsheetError)) return undefined;
  const status = statusOf[error.code];
  if (status === undefined) return undefined;
  const { errors = [], headers = {} } = error instanceof Refusal ? error : {};
  // What a misconfigured installation says of itself (hosts, files) is for its log.
  const detail = status >= 500 ? error.help : `${error.message}. ${error.help}`;
  return {
    status,
    headers,
    body: {
      type: 'about:blank',
      title: titles[status]!,
      status,
      code: error.code,
      detail,
      ...(errors.length > 0 ? { errors: [...errors] } : {}),
    },
  };
}

export function internalProblem(id: string): Problem {
  const detail = `Something went wrong here; the log says what, under ${id}.`;
  return {
    status: 500,
    headers: {},
    body: { type: 'about:blank', title: titles[500]!, status: 500, code: 'INTERNAL', detail },
  };
}

/** Headers that the context has already, as the rate limit's, go along. */
export function asResponse(c: Context, { status, body, headers }: Problem): Response {
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    ...headers,
  });
}
