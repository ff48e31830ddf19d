import type { z } from 'zod';

/** A message type and version, such as `start-debate.v1`, with the schema of its data. */
export interface MessageDefinition<T extends string = string, D extends z.ZodType = z.ZodType> {
  readonly type: T;
  readonly data: D;
}

export function defineMessage<const T extends string, D extends z.ZodType>(type: T, data: D): MessageDefinition<T, D> {
  return { type, data };
}

/** One message by its definition: the form that domains take in and give out. */
export type MessageOf<M extends MessageDefinition> =
  M extends MessageDefinition<infer T, infer D> ? { readonly type: T; readonly data: z.infer<D> } : never;

/** Of everything that a module exports, the schemas of its messages by their types. */
export type SchemasOf<M> = {
  [K in keyof M as M[K] extends MessageDefinition<infer T> ? T : never]: M[K] extends MessageDefinition<string, infer D>
    ? D
    : never;
};

export function schemasOf<const M extends object>(module: M): SchemasOf<M> {
  const messages = Object.values(module).filter(isMessage);
  return Object.fromEntries(messages.map(({ type, data }) => [type, data])) as SchemasOf<M>;
}

function isMessage(value: unknown): value is MessageDefinition {
  return typeof value === 'object' && value !== null && 'data' in value && 'type' in value;
}
