import { z } from 'zod';

type Method = 'get' | 'post' | 'delete';
export type Examples = Record<string, { summary: string; value: unknown }>;

export interface Answer {
  readonly description: string;
  readonly content?: Record<string, { readonly schema: z.ZodType }>;
}

export interface Operation {
  readonly method: Method;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** True: open to everybody, without a credential. */
  readonly isOpen?: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodType;
  readonly headers?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly examples: Examples; readonly isRequired?: boolean };
  readonly responses: Readonly<Record<number, Answer>>;
}

/** JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. As input: what is added later breaks no client. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

interface ObjectSchema {
  readonly properties?: Record<string, { description?: string }>;
  readonly required?: readonly string[];
}

function parametersIn(where: 'path' | 'query' | 'header', schema: z.ZodType | undefined) {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema) as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function operationOf({ id, summary, isOpen, params, query, headers, body, responses }: Operation) {
  const parameters = [
    ...parametersIn('path', params),
    ...parametersIn('query', query),
    ...parametersIn('header', headers),
  ];
  return {
    operationId: id,
    summary,
    ...(isOpen ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: body.isRequired ?? false,
            content: { 'application/json': { schema: jsonSchema(body.schema), examples: body.examples } },
          },
        }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, { description, content }]) => [
        status,
        { description, ...(content === undefined ? {} : { content: contentOf(content) }) },
      ]),
    ),
  };
}

/** Problems are the same everywhere: one definition, named. */
const problemRef = { $ref: '#/components/schemas/Problem' };

function contentOf(content: NonNullable<Answer['content']>) {
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema }]) => [
      type,
      { schema: type === 'application/problem+json' ? problemRef : jsonSchema(schema) },
    ]),
  );
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, ReturnType<typeof operationOf>>>>>;
  readonly components: object;
}

/** The OpenAPI 3.1 document of these operations. */
export function documentOf(operations: readonly Operation[], problem: z.ZodType, top: object): OpenApiDocument {
  const paths: Record<string, Record<string, ReturnType<typeof operationOf>>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {},
    ...top,
    paths,
    components: {
      schemas: { Problem: jsonSchema(problem) },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`parley_…`) or a token of the identity provider.',
        },
      },
    },
  };
}
