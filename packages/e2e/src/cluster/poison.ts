import { randomUUID } from 'node:crypto';
import { type ServiceName, topics } from '@parley/contracts';
import type { IHeaders } from 'kafkajs';

const { debateCommands, debateEvents, debaterEvents, streamCommands } = topics;
/** Every durable topic, with who reads it. */
export const durable = [debateCommands, debateEvents, debaterEvents, streamCommands];

export interface Poison {
  readonly name: string;
  readonly headers: IHeaders;
  readonly value: Buffer | string | null;
  /** Topics that it is put on. */
  readonly topics: readonly string[];
  /** The readers that must bury it. */
  buriedBy(readers: readonly ServiceName[]): readonly ServiceName[];
}

/** Nobody can read it. The gateway shows what it cannot understand, and takes from the moderator alone. */
const everybody = (readers: readonly ServiceName[]) => readers;
const agents = (readers: readonly ServiceName[]) => readers.filter((reader) => reader !== 'gateway');

const usual = () => ({
  ce_specversion: '1.0',
  ce_id: `poison/${randomUUID()}`,
  ce_type: 'cancel-debate.v1',
  ce_source: 'nobody',
  ce_subject: randomUUID(),
  ce_time: '2026-01-02T03:04:05.678Z',
  'content-type': 'application/json',
});

const value = (name: string, bytes: Poison['value']): Poison => poison(name, {}, bytes, everybody);
const header = (name: string, change: IHeaders): Poison => poison(name, change, '{}', everybody);
/** Of a known form and wrong content. */
const content = (name: string, type: string, text: string, change: IHeaders = {}): Poison =>
  poison(name, { ce_type: type, ...change }, text, agents);

function poison(name: string, change: IHeaders, bytes: Poison['value'], buriedBy: Poison['buriedBy']): Poison {
  const headers = Object.fromEntries(Object.entries({ ...usual(), ...change }).filter(([, text]) => text !== ''));
  return { name, headers, value: bytes, topics: durable.map((topic) => topic.name), buriedBy };
}

const bytes = (...list: number[]) => Buffer.from(list);
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
/** The empty text takes a header away. */
const without = '';

/** What a topic may hold that nobody should trip over. */
export function poisons(): readonly Poison[] {
  return [
    value('a tombstone', null),
    value('nothing', ''),
    value('bad JSON', '{oops'),
    value('JSON that breaks off', '{"topic":"Te'),
    value('NaN', 'NaN'),
    value('undefined', 'undefined'),
    value('two values', '{}{}'),
    value('a byte that is no UTF-8', bytes(0x22, 0xff, 0x22)),
    value('an overlong NUL', bytes(0x22, 0xc0, 0x80, 0x22)),
    value('a surrogate in UTF-8', bytes(0x22, 0xed, 0xa0, 0x80, 0x22)),
    value('UTF-16', Buffer.from('{"topic":"Tea"}', 'utf16le')),
    value('a byte order mark', '\ufeff{}'),
    value('1.1 MB', `"${'x'.repeat(1_100_000)}"`),
    value('501 levels', nested(501)),
    value('50,000 levels', nested(50_000)),
    { ...value('no headers', '{}'), headers: {} },
    header('no version of the specification', { ce_specversion: without }),
    header('another version of the specification', { ce_specversion: '0.3' }),
    header('no id', { ce_id: without }),
    header('a huge id', { ce_id: 'x'.repeat(20_000) }),
    header('an id that is no UTF-8', { ce_id: bytes(0xff, 0xfe) }),
    header('no type', { ce_type: without }),
    header('a huge type', { ce_type: 'x'.repeat(20_000) }),
    header('no source', { ce_source: without }),
    header('no subject', { ce_subject: without }),
    header('a huge subject', { ce_subject: 'x'.repeat(20_000) }),
    header('no time', { ce_time: without }),
    header('a time that is none', { ce_time: 'yesterday' }),
    header('sequence 0', { ce_sequence: '0' }),
    header('sequence -1', { ce_sequence: '-1' }),
    header('sequence 1.5', { ce_sequence: '1.5' }),
    header('a sequence in words', { ce_sequence: 'one' }),
    header('an endless sequence', { ce_sequence: '1e999' }),
    header('a huge trace', { traceparent: '0'.repeat(20_000) }),
    content('a type of the future', 'debate-paused.v7', '{}'),
    content('a version of the future', 'start-debate.v99', '{}'),
    content('a type that every object has', 'constructor', '{}'),
    content('the prototype as a type', '__proto__', '{}'),
    content('a type with NUL', 'a\0b', '{}'),
    content('two ids', 'x', '{}', { ce_id: ['poison/one', 'poison/two'] }),
    content('data null', 'start-debate.v1', 'null'),
    content('data that is a list', 'start-debate.v1', '[]'),
    content('data of the wrong types', 'start-debate.v1', '{"topic":1,"maxRounds":"3","minRounds":[],"sides":0}'),
    content('keys of the prototype', 'start-debate.v1', '{"__proto__":{"topic":"Tea"},"constructor":{"prototype":{}}}'),
    content('half a character', 'x', '"\\ud800"'),
    content('escaped NUL', 'x', '"\\u0000"'),
    content('499 levels', 'x', nested(499)),
    content('as large as it may be', 'x', JSON.stringify('x'.repeat(1_040_000))),
    {
      ...content('NUL in an id', 'cancel-debate.v1', '{}', { ce_id: `poison/\0/${randomUUID()}` }),
      topics: [debateCommands.name],
    },
    {
      ...content('a turn by somebody else', 'turn-replied.v1', turn, { ce_source: 'debater-b' }),
      topics: [debaterEvents.name],
    },
    {
      ...content('an event beyond all numbers', 'x', '{}', { ce_source: 'moderator', ce_sequence: '3000000000' }),
      topics: [debateEvents.name],
      buriedBy: everybody,
    },
  ];
}

const turn = JSON.stringify({
  round: 1,
  side: 'pro',
  text: 'I am not who I seem.',
  model: 'x',
  isRehearsal: true,
  usage: { inputTokens: 1, outputTokens: 1 },
  attempts: 1,
});
