/** The OpenAPI 3.1 document, out of the routes' declarations. */
import { z } from 'zod';
import { problemSchema } from './problems.ts';
import { bodyBytes, namesIn, pathParameters, type Route } from './route.ts';
import { scopes } from './tokens.ts';

interface Json {
  [key: string]: unknown;
}

/** A part that is there only when it has something to say. */
const when = (there: unknown, part: Json): Json => (there ? part : {});

export function openApiOf(routes: readonly Route[], server: string): Json {
  const schemas: Json = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    Object.assign(schemas, $defs);
    return own;
  };
  const problem = { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } };
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const { path, method } = route.declared;
    paths[path] = { ...paths[path], [method]: operation(route, schemaOf, problem) };
  }
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Broadsheet',
      version: '1',
      description:
        'Publications, issues, subscribers, segments and events of this installation. Refusals are RFC 9457 problem details with a stable `code`.',
    },
    servers: [{ url: server }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `Made with \`broadsheet token create\`. Scopes: ${scopes.join(', ')}.`,
        },
      },
      schemas,
    },
  };
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operation({ declared }: Route, schemaOf: SchemaOf, problem: Json): Json {
  const { path, method, tag, summary, description, scope, query, body, response, status, isKeyed } = declared;
  const success = {
    description: response ? 'Done' : 'Done; there is nothing to say',
    ...when(response, { content: { 'application/json': { schema: response && schemaOf(response, 'output') } } }),
  };
  const refusals = [
    ...(scope ? [401, 403, 429] : []),
    ...(namesIn(path).length > 0 || declared.isSearch ? [404] : []),
    ...(body ? [400, 413, 415] : query ? [400] : []),
    422,
    ...(method === 'get' ? [] : [409]),
    500,
    503,
  ];
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    ...when(description, { description }),
    security: scope ? [{ token: [scope] }] : [],
    parameters: [
      ...namesIn(path).map(name => ({
        name,
        in: 'path',
        required: true,
        schema: schemaOf(pathParameters[name], 'input'),
      })),
      ...(query ? queryParameters(schemaOf(query, 'output')) : []),
      ...(isKeyed
        ? [{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } }]
        : []),
    ],
    ...when(body, {
      requestBody: {
        required: true,
        description: `At most ${declared.maxBody ?? bodyBytes} bytes.`,
        content: { 'application/json': { schema: body && schemaOf(body, 'input') } },
      },
    }),
    responses: {
      ...Object.fromEntries(status.map(code => [code, success])),
      ...Object.fromEntries(refusals.map(code => [code, { description: 'Refused', content: problem }])),
    },
  };
}

function queryParameters(schema: Json): Json[] {
  const { properties = {} } = schema as { properties?: Record<string, unknown> };
  return Object.entries(properties).map(([name, each]) => ({ name, in: 'query', required: false, schema: each }));
}

/** `post /issues/{issue}/send` → `postIssueSend`. */
const operationId = (method: string, path: string): string =>
  method +
  path
    .split(/[/{}.]+/)
    .filter(Boolean)
    .map(part => part[0]!.toUpperCase() + part.slice(1))
    .join('');
