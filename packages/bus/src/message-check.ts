import { type Message, messageOf, ParleyError } from '@parley/contracts';

/** Largest message as UTF-8 JSON, attributes included. */
export const maxMessageBytes = 1_048_576;

const required = ['id', 'type', 'source', 'subject', 'time'] as const;
const maxDepth = 64;
/** Deepest nesting of data: what walks it by recursion still has room on the stack. */
export const maxNesting = 500;

/**
 * Refuses what no reader could take: a missing attribute, no data, more than `maxMessageBytes`. Cheap enough for every
 * message; the full schema is checked where messages enter a service.
 * @throws ParleyError MESSAGE_INVALID, MESSAGE_TOO_LARGE
 */
export function checkMessage(topic: string, message: Message): void {
  for (const field of required) {
    const value: unknown = message[field];
    if (typeof value !== 'string' || value === '') {
      throw new ParleyError(
        'MESSAGE_INVALID',
        `Message "${String(message.id)}" for ${topic}: "${field}" is "${String(value)}", expected a non-empty string.`,
      );
    }
  }
  if (message.data === undefined) {
    throw new ParleyError('MESSAGE_INVALID', `Message "${message.id}" for ${topic}: "data" is missing; use null.`);
  }
  if (atMostBytes(message, maxMessageBytes, 0) <= maxMessageBytes) return;
  if (isNestedDeeper(message.data, maxNesting)) {
    const why = `"data" is nested deeper than ${maxNesting} levels; flatten it.`;
    throw new ParleyError('MESSAGE_INVALID', `Message "${message.id}" for ${topic}: ${why}`);
  }
  const bytes = jsonBytes(topic, message);
  if (bytes > maxMessageBytes) {
    throw new ParleyError(
      'MESSAGE_TOO_LARGE',
      `Message "${message.id}" for ${topic} is ${bytes} bytes of JSON, at most ${maxMessageBytes} go; shorten "data".`,
    );
  }
}

/** True for a cycle too. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isNestedDeeper(item, levels - 1));
}

function jsonBytes(topic: string, message: Message): number {
  try {
    return Buffer.byteLength(JSON.stringify(message));
  } catch (thrown) {
    const why = messageOf(thrown);
    throw new ParleyError('MESSAGE_INVALID', `Message "${message.id}" for ${topic}: "data" is not JSON: ${why}.`, {
      cause: thrown,
    });
  }
}

/**
 * An upper bound of a value's JSON in bytes without making the JSON; Infinity where only making it can tell. A UTF-16
 * unit takes at most 6 bytes ("\u0000"), a number at most 25.
 */
function atMostBytes(value: unknown, budget: number, depth: number): number {
  switch (typeof value) {
    case 'string':
      return value.length * 6 + 2;
    case 'number':
      return 25;
    case 'boolean':
    case 'undefined':
      return 5;
    case 'object':
      break;
    default:
      return Infinity;
  }
  if (value === null) return 4;
  if (depth > maxDepth || 'toJSON' in value) return Infinity;
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      bytes += 1 + atMostBytes(item, budget - bytes, depth + 1);
      if (bytes > budget) return bytes;
    }
    return bytes;
  }
  for (const key in value) {
    bytes += key.length * 6 + 4 + atMostBytes((value as Record<string, unknown>)[key], budget - bytes, depth + 1);
    if (bytes > budget) return bytes;
  }
  return bytes;
}
