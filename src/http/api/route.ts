/** What a route of the API is: one declaration, from which routing, parsing, refusals and the OpenAPI document come. */

import { z } from 'zod';
import type { Wiring } from '../../wiring.ts';
import { rowIdText } from '../row-id.ts';
import type { Scope } from './tokens.ts';

/** Where all of it is. */
export const apiBase = '/api/v1';

const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
/** Of any row; far below 2^53. */
const id = rowIdText.transform(Number);

/** Everything that can stand in a path. What does not match names nothing: 404. */
export const pathParameters = { publication: slug, segment: slug, issue: id, subscriber: id } as const;
type PathParameter = keyof typeof pathParameters;

type Names<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;
type Params<P extends string> = {
  [N in Names<P> & PathParameter]: z.output<(typeof pathParameters)[N]>;
};

type Method = 'get' | 'post' | 'put' | 'delete';
type Tag = 'Publications' | 'Issues' | 'Sending' | 'Subscribers' | 'Segments' | 'Events' | 'This document';

/** A body with a file's worth of text takes more than a form's. */
export const bodyBytes = 64 * 1024;

interface Declared<P extends string, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  method: Method;
  /** Below /api/v1, as OpenAPI writes it: `/issues/{issue}`. */
  path: P;
  tag: Tag;
  summary: string;
  description?: string;
  /** What the token must allow; null: open to all. */
  scope: Scope | null;
  query?: Q;
  body?: B;
  /** Bytes of the body; 64 KiB when not given. */
  maxBody?: number;
  /** None: 204. */
  response?: R;
  /** Of success; the second one of a PUT or POST that may find what it would make. */
  status: readonly [Success, Success?];
  /** Whether an Idempotency-Key is honoured: where a repeat would do a thing twice, and the answer holds no address. */
  isKeyed?: boolean;
  /** Whether it may find nothing although its path names nothing. */
  isSearch?: boolean;
  /** Requests it counts as, against the token's limit; 1 when not given. */
  cost?: number;
}

type Success = 200 | 201 | 202 | 204;

export interface Asked<P extends string = string, Q = unknown, B = unknown> {
  wiring: Wiring;
  params: Params<P>;
  query: Q;
  body: B;
  /** Stays the same when a request under an Idempotency-Key is tried again after a crash; null without a key. */
  requestId: string | null;
}

export interface Answer<D> {
  data: D;
  /** The first of the declaration's when not given. */
  status?: Success;
  /** Below /api/v1. */
  location?: string;
}

export interface Route {
  declared: Declared<string, z.ZodType, z.ZodType, z.ZodType>;
  handle: (asked: Asked) => Promise<Answer<unknown>>;
}

/** Ties a declaration to its handler; the types of one follow from the other. */
export function route<
  const P extends string,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(
  declared: Declared<P, Q, B, R>,
  handle: (asked: Asked<P, z.output<Q>, z.output<B>>) => Promise<Answer<z.input<R>>>,
): Route {
  return { declared, handle: handle as unknown as Route['handle'] };
}

export const namesIn = (path: string): PathParameter[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1] as PathParameter);

/** Matches a path below /api/v1, with the parameters as groups. */
export const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
