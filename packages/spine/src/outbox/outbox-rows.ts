import type { Message } from '@parley/contracts';
import { joinedTexts } from '../database/columns.ts';

/** Messages of one topic in their order. */
export interface OutboxRow {
  readonly topic: string;
  readonly messages: readonly Message[];
  /** The same as a JSON array. */
  readonly text: string;
}

/** Leaves room for the rest of the row on a page of 8 kB: a larger one is cut into chunks, and each costs like a row. */
const rowBytes = 7_900;

/** The fewest rows that hold the messages, each row on one page or with one message too large for a page. */
export function outboxRows(outbox: Iterable<readonly [topic: string, messages: readonly Message[]]>): OutboxRow[] {
  return [...outbox].flatMap(([topic, messages]) => portions(messages).map((portion) => ({ topic, ...portion })));
}

/** The parameters of `Statements.enqueue`: topics, and the messages of each row. */
export function outboxColumns(topic: string, messages: readonly Message[]): readonly unknown[] {
  const rows = outboxRows([[topic, messages]]);
  return [rows.map((row) => row.topic), joinedTexts(rows.map((row) => row.text))];
}

function portions(messages: readonly Message[]): Omit<OutboxRow, 'topic'>[] {
  const made: Omit<OutboxRow, 'topic'>[] = [];
  let texts: string[] = [];
  let from = 0;
  let size = 0;
  const close = (to: number) => {
    if (texts.length > 0) made.push({ messages: messages.slice(from, to), text: `[${texts.join()}]` });
    texts = [];
    from = to;
    size = 0;
  };
  for (const [i, message] of messages.entries()) {
    const text = JSON.stringify(message);
    const bytes = Buffer.byteLength(text) + 1;
    if (size + bytes > rowBytes) close(i);
    texts.push(text);
    size += bytes;
  }
  close(messages.length);
  return made;
}
