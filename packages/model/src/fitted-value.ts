import { cutAtSentence } from './sentence.ts';

/** The parts of a JSON schema that are looked at. */
interface JsonSchema {
  readonly type?: unknown;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Words that stand for a value of an enumeration, in lower case, such as `tie` for `contested`. */
export type Spellings = Readonly<Record<string, string>>;

const numbers: Readonly<Record<string, number>> = Object.fromEntries(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, n) => [word, n]),
);
const booleans: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

/** Longest text in which a value of an enumeration is looked for among other words, in characters. */
const longestPhrase = 40;

/**
 * A model's value with what a reader would take it for: `"7"`, `"7/10"` and `"seven"` as 7, `"x"` and `"Team X"` as X,
 * `"Winner"` as the key winner, a text or list that is too long cut to its length. What cannot be read so stays as it is,
 * for the schema to refuse.
 */
export function fitted(schema: JsonSchema, value: unknown, spellings: Spellings = {}): unknown {
  if (schema.enum !== undefined) return memberOf(schema.enum, value, spellings);
  switch (schema.type) {
    case 'object':
      // Without a list of its properties it has any: nothing is known of them.
      return schema.properties === undefined ? value : objectOf(schema.properties, value, spellings);
    case 'array':
      return listOf(schema, value, spellings);
    case 'integer':
    case 'number':
      return numberOf(value, schema.type === 'integer');
    case 'boolean':
      return typeof value === 'string' ? (booleans[value.trim().toLowerCase()] ?? value) : value;
    case 'string':
      return textOf(value, schema.maxLength);
    default:
      return value;
  }
}

function memberOf(members: readonly unknown[], value: unknown, spellings: Spellings): unknown {
  if (typeof value !== 'string' || members.includes(value)) return value;
  const words = value.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const texts = members.filter((member) => typeof member === 'string');
  const meant = (word: string) =>
    texts.find((text) => text.toLowerCase() === word) ?? texts.find((text) => text === spellings[word]);
  const whole = meant(words.join(' '));
  if (whole !== undefined) return whole;
  if (value.length > longestPhrase) return value;
  const found = new Set(words.map(meant).filter((text) => text !== undefined));
  return found.size === 1 ? [...found][0] : value;
}

function objectOf(properties: Readonly<Record<string, JsonSchema>>, value: unknown, spellings: Spellings): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(properties);
  const given = value as Readonly<Record<string, unknown>>;
  const made: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(given)) {
    const name = names.includes(key) ? key : nameOf(key, names);
    // The key as it should be counts before one that is only like it.
    if (name === undefined || (name !== key && (name in given || name in made))) continue;
    const schema = properties[name];
    if (schema !== undefined) Object.defineProperty(made, name, { ...own, value: fitted(schema, one, spellings) });
  }
  return made;
}
const own = { enumerable: true, configurable: true, writable: true } as const;

function nameOf(key: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const same = names.find((name) => plain(name) === plain(key));
  if (same !== undefined) return same;
  const member = memberOf(names, key, {});
  return typeof member === 'string' && names.includes(member) ? member : undefined;
}

function listOf({ items, maxItems }: JsonSchema, value: unknown, spellings: Spellings): unknown {
  if (!Array.isArray(value)) return value;
  const list = maxItems === undefined ? value : value.slice(0, maxItems);
  return items === undefined ? list : list.map((item) => fitted(items, item, spellings));
}

function numberOf(value: unknown, isWhole: boolean): unknown {
  const number = typeof value === 'string' ? numberIn(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return value;
  return isWhole ? Math.round(number) : number;
}

/** Number in a text such as `7`, `7.0`, `7,5`, `7/10`, `7 out of 10`, `seven`. */
function numberIn(text: string): number | undefined {
  const word = numbers[text.trim().toLowerCase()];
  if (word !== undefined) return word;
  const match = /^\s*(-?\d{1,15}(?:[.,]\d{1,15})?)\s*(?:(?:\/|out of|of)\s*\d+|points?)?\s*$/i.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1].replace(',', '.'));
}

function textOf(value: unknown, maxLength: number | undefined): unknown {
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string') return text;
  const trimmed = text.trim();
  return maxLength === undefined ? text : cutAtSentence(trimmed, maxLength);
}
