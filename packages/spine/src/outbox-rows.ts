import type { Message } from '@parley/contracts';
import { joinedTexts } from './columns.ts';

/** Messages of one topic in their order, as a JSON array. */
export interface OutboxRow {
  readonly topic: string;
  readonly messages: string;
}

/** Leaves room for the rest of the row on a page of 8 kB: a larger one is cut into chunks, and each costs like a row. */
const rowBytes = 7_900;

/** As few rows as hold the messages on a page each, or one message too large for that. */
export function outboxRows(outbox: Iterable<readonly [topic: string, messages: readonly Message[]]>): OutboxRow[] {
  return [...outbox].flatMap(([topic, messages]) =>
    portions(messages).map((portion) => ({ topic, messages: portion })),
  );
}

/** The parameters of `Statements.enqueue`: topics, and the messages of each row. */
export function outboxColumns(topic: string, messages: readonly Message[]): readonly unknown[] {
  const rows = outboxRows([[topic, messages]]);
  return [rows.map((row) => row.topic), joinedTexts(rows.map((row) => row.messages))];
}

function portions(messages: readonly Message[]): string[] {
  const made: string[] = [];
  let texts: string[] = [];
  let size = 0;
  const close = () => {
    if (texts.length > 0) made.push(`[${texts.join()}]`);
    texts = [];
    size = 0;
  };
  for (const message of messages) {
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > rowBytes) close();
    texts.push(text);
    size += bytes;
  }
  close();
  return made;
}
