import { fromKafka, type Message, toKafka } from '@parley/contracts';
import type { KafkaMessage, Message as ProducerRecord } from 'kafkajs';
import type { RawRecord } from '../message-bus.ts';
import { isNestedDeeper, maxMessageBytes, maxNesting } from '../message-check.ts';

/** What a topic must let through: the largest message with its attributes in the form of headers. */
export const maxRecordBytes = maxMessageBytes + 65_536;

/** Six bytes a character at worst, as JSON: together they stay below the size of a message. */
const maxRawCharacters = { value: 98_304, header: 500, key: 500 };
const maxRawHeaders = 40;

export interface SizedRecord extends ProducerRecord {
  readonly bytes: number;
}

/** A message in its Kafka form, and its size on the wire, rounded up. */
export function toRecord(message: Message): SizedRecord {
  const { key, headers, value } = toKafka(message);
  let bytes = 64 + Buffer.byteLength(key) + Buffer.byteLength(value);
  const defined: Record<string, string> = {};
  // kafkajs throws at a header whose value is undefined.
  for (const [name, text] of Object.entries(headers)) {
    if (text === undefined) continue;
    defined[name] = text;
    bytes += 10 + Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return { key, headers: defined, value, bytes };
}

export type ReadRecord =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly raw: RawRecord; readonly reason: string };

/** Reads a record. Never throws: what a topic holds is somebody else's input. */
export function readRecord(record: KafkaMessage): ReadRecord {
  const size = record.value?.length ?? 0;
  if (size > maxMessageBytes) return refuse(record, `value is ${size} bytes, at most ${maxMessageBytes} are read`);
  const headers: Record<string, string> = {};
  for (const [name, given] of Object.entries(record.headers ?? {})) {
    const bytes = Array.isArray(given) ? given[0] : given;
    if (bytes === undefined) continue;
    const text = utf8(bytes);
    if (text === undefined) return refuse(record, `header ${name.slice(0, 100)} is not UTF-8`);
    headers[name] = text;
  }
  const value = record.value === null ? null : utf8(record.value);
  if (value === undefined) return refuse(record, 'value is not UTF-8');
  const read = fromKafka({ headers, value });
  if (!read.ok) return refuse(record, read.reason);
  if (isNestedDeeper(read.message.data, maxNesting)) {
    return refuse(record, `data is nested deeper than ${maxNesting} levels`);
  }
  return read;
}

function refuse({ key, headers, value }: KafkaMessage, reason: string): ReadRecord {
  let isCut = false;
  const show = (bytes: Buffer | string, most: number) => {
    const text = utf8(bytes) ?? Buffer.from(bytes).toString('base64');
    isCut ||= text.length > most;
    return text.slice(0, most);
  };
  const shown: Record<string, string> = {};
  for (const [name, given] of Object.entries(headers ?? {}).slice(0, maxRawHeaders)) {
    const bytes = Array.isArray(given) ? given[0] : given;
    if (bytes !== undefined) shown[name.slice(0, maxRawCharacters.header)] = show(bytes, maxRawCharacters.header);
  }
  const raw = {
    key: key === null ? null : show(key, maxRawCharacters.key),
    headers: shown,
    value: value === null ? null : show(value, maxRawCharacters.value),
  };
  return { ok: false, raw, reason: isCut ? `${reason}; what is kept of it is cut` : reason };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer | string): string | undefined {
  if (typeof bytes === 'string') return bytes;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
