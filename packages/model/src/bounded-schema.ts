import { ParleyError } from '@parley/contracts';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

const made = new WeakMap<z.ZodType, JsonSchema>();

/**
 * The JSON schema to send for a zod schema. Every string and array must have an upper bound: of 30 answers of a small
 * model, 29 were valid without bounds and 30 with them, and an unbounded grammar lets a model loop to its limit.
 * Throws INTERNAL with the path of what has no bound.
 */
export function boundedJsonSchema(schema: z.ZodType): JsonSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  const paths = unbounded(json, '');
  if (paths.length > 0) {
    const message = `A schema for a model's answer has no upper bound at ${paths.join(', ')}. Add .max() there.`;
    throw new ParleyError('INTERNAL', message);
  }
  made.set(schema, json);
  return json;
}

function unbounded(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((child, index) => unbounded(child, `${path}/${index}`));
  const schema = node as Record<string, unknown>;
  const isOpenString = schema.type === 'string' && !('maxLength' in schema || 'enum' in schema || 'const' in schema);
  const isOpenArray = schema.type === 'array' && !('maxItems' in schema || 'prefixItems' in schema);
  return [
    ...(isOpenString || isOpenArray ? [path || '/'] : []),
    ...Object.entries(schema).flatMap(([key, child]) => unbounded(child, `${path}/${key}`)),
  ];
}
