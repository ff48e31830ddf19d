type Schema = Readonly<Record<string, unknown>>;

/** What is known, by property name; `text` fills every string that nothing else is known for. */
export type Facts = Readonly<Record<string, unknown>> & { readonly text: string };

/**
 * A value for a JSON schema: known facts by the names of its properties, then whatever is small and valid. Knows
 * object, array, string, number, integer, boolean, enum, const, anyOf and oneOf (the first), with their bounds.
 */
export function fill(schema: Schema, facts: Facts): unknown {
  return answerFor(schema, facts, facts);
}

function answerFor(schema: Schema, fact: unknown, facts: Facts): unknown {
  // JSON Schema has true and false for anything and nothing.
  if (typeof schema !== 'object' || schema === null) return null;
  const options = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if (options?.[0] !== undefined) return answerFor(options[0], fact, facts);
  if ('const' in schema) return schema.const;
  const allowed = schema.enum as readonly unknown[] | undefined;
  if (allowed !== undefined)
    return allowed.includes(fact) ? fact : allowed.includes(facts.side) ? facts.side : allowed[0];
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return objectOf(schema, fact, facts);
    case 'array':
      return arrayOf(schema, fact, facts);
    case 'string':
      return clipped(typeof fact === 'string' ? fact : facts.text, schema);
    case 'number':
    case 'integer':
      return bounded(typeof fact === 'number' ? fact : 0, schema);
    case 'boolean':
      return fact === true;
    default:
      return null;
  }
}

function objectOf(schema: Schema, fact: unknown, facts: Facts): Record<string, unknown> {
  const known = typeof fact === 'object' && fact !== null ? (fact as Record<string, unknown>) : {};
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  return Object.fromEntries(properties.map(([name, property]) => [name, answerFor(property, known[name], facts)]));
}

/** A list of strings becomes the text's sentences. */
function arrayOf(schema: Schema, fact: unknown, facts: Facts): unknown[] {
  const items = (schema.items ?? {}) as Schema;
  const most = Math.min(typeof schema.maxItems === 'number' ? schema.maxItems : 3, 3);
  const least = typeof schema.minItems === 'number' ? schema.minItems : 0;
  const sentences = facts.text.match(/[^.!?。！？]+[.!?。！？]*/g) ?? [facts.text];
  const known = Array.isArray(fact) ? fact : items.type === 'string' ? sentences.map((s) => s.trim()) : [];
  const length = Math.max(least, Math.min(known.length, most));
  return Array.from({ length }, (_, index) => answerFor(items, known[index], facts));
}

function clipped(text: string, schema: Schema): string {
  return typeof schema.maxLength === 'number' ? text.slice(0, schema.maxLength) : text;
}

function bounded(value: number, schema: Schema): number {
  const least = typeof schema.minimum === 'number' ? schema.minimum : value;
  const most = typeof schema.maximum === 'number' ? schema.maximum : value;
  return Math.min(Math.max(value, least), most);
}
