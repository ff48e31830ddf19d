import fc from 'fast-check';

/** As much of JSON Schema as values are made from. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
}

/** What nobody expects: other types, huge and odd text, numbers at their ends. */
export const odd = fc.oneof(
  fc.constantFrom('', '\0', '\ud83d', '../../etc/passwd', "' or 1=1 --", '%00', '‮', '{{7*7}}', '9'.repeat(400)),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(2 ** 31, 2 ** 53, -1, 1e308, null, true, [], {}),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Mostly what the schema says, now and then not. */
export function mostly(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: fitting(schema) }, { weight: 1, arbitrary: odd });
}

/** All of it as the schema says. */
export function exact(schema: Schema): fc.Arbitrary<unknown> {
  return fitting(schema, exact);
}

function fitting(schema: Schema, inner: (schema: Schema) => fc.Arbitrary<unknown> = mostly): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(inner));
  const { minimum = 0, maximum = 100, minLength = 0, maxLength = 60, maxItems = 5 } = schema;
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, inner(one)] as const);
      return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
    }
    case 'array':
      return fc.array(inner(schema.items ?? {}), { maxLength: maxItems + 1 });
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      if (schema.format === 'uuid') return fc.uuid();
      if (schema.format === 'date') return fc.constantFrom('2026-01-01', '2026-11-21', '0001-01-01', '9999-12-31');
      return fc.string({ minLength, maxLength: Math.min(maxLength, 200) });
    default:
      return odd;
  }
}
