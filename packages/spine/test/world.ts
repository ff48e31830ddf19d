import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { type Message, ParleyError } from '@parley/contracts';
import {
  type Arrival,
  createSpine,
  type Database,
  migrate,
  type Publisher,
  type Spine,
  type SpineOptions,
  type TickReport,
} from '../src/index.ts';
import type { DatabaseKind, TestDatabase } from './databases.ts';
import { type AskerInput, build, type CounterInput, kinds } from './deciders.ts';
import { breakable } from './wrappers.ts';

/** Resolves when the condition holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

export interface Sent {
  readonly topic: string;
  readonly messages: readonly Message[];
}

export interface TestSpine extends Spine {
  readonly reports: TickReport[];
  readonly parked: { stream: string; input: string; reason: string }[];
  readonly troubles: string[];
  readonly lost: string[];
  /** Ends it as kill -9 would: from now on it sends nothing. Resolves when what it had sent has arrived. */
  crash(): Promise<void>;
}

type SpineWishes = Partial<Omit<SpineOptions, 'schema'>>;

/** A schema of its own, spines over it and what they sent. */
export interface World {
  readonly kind: DatabaseKind['name'];
  readonly db: Database;
  readonly schema: string;
  readonly sent: Sent[];
  readonly recorder: Publisher;
  readonly terminate: TestDatabase['terminate'];
  spine(wishes?: SpineWishes): TestSpine;
  /** `$S` stands for the schema. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Types of a stream's events, checked to be numbered without gaps. */
  log(stream: string): Promise<{ type: string; data: Record<string, unknown>; at: Date }[]>;
  /** Everything sent so far, in order, one message per entry. */
  messages(topic?: string): Message[];
}

let schemas = 0;
let ids = 0;

/** For a suite: one database for the file, a fresh schema for each test, no spine left running. */
export function useWorld(kind: DatabaseKind): World {
  let opened: TestDatabase;
  let schema = '';
  let spines: TestSpine[] = [];
  let sent: Sent[] = [];
  const recorder: Publisher = {
    async publish(topic, messages) {
      sent.push({ topic, messages });
    },
  };

  beforeAll(async () => {
    opened = await kind.open();
  });
  beforeEach(async () => {
    schemas += 1;
    schema = `s${schemas}`;
    sent = [];
    spines = [];
    build.isFixed = false;
    await migrate(opened.db, { schema });
  });
  afterEach(async () => {
    for (const spine of spines) await spine.stop(0);
  });
  afterAll(() => opened.close());

  const world: World = {
    kind: kind.name,
    get db() {
      return opened.db;
    },
    get schema() {
      return schema;
    },
    get sent() {
      return sent;
    },
    get terminate() {
      return opened.terminate;
    },
    recorder,
    spine(wishes = {}) {
      const dead = () => new ParleyError('DATABASE_UNAVAILABLE', 'This process is dead.', { retryable: true });
      // Two spines stand for two replicas: none may take over the other's leases at its start.
      const life = breakable({ ...(wishes.db ?? opened.db), isExclusive: false }, dead);
      const told = { reports: [] as TickReport[], troubles: [] as string[], lost: [] as string[] };
      const parked: TestSpine['parked'] = [];
      const spine = createSpine({
        schema,
        service: 'test',
        bus: recorder,
        kinds,
        handlers: { work: async () => null, breaking: async () => null },
        pollMs: 20,
        hooks: {
          onTick: (report) => told.reports.push(report),
          onParked: (one) => parked.push(one),
          onLeaseLost: ({ key }) => told.lost.push(key),
          onTrouble: (where) => told.troubles.push(where),
        },
        ...wishes,
        db: life.db,
      });
      const made = Object.assign(spine, told, {
        parked,
        crash() {
          life.mode = 'away';
          return life.idle();
        },
      });
      spines.push(made);
      return made;
    },
    rows: (text, values) => opened.db.query(text.replaceAll('$S', schema), values),
    async log(stream) {
      const rows = await world.rows<{ seq: number; type: string; data: Record<string, unknown>; at: Date }>(
        'select seq, type, data, at from $S.event where stream_id = $1 order by seq',
        [stream],
      );
      for (const [i, row] of rows.entries()) {
        if (row.seq !== i + 1) throw new Error(`${stream}: event ${row.seq} stands at place ${i + 1}`);
      }
      return rows;
    },
    messages: (topic) =>
      sent.filter((one) => topic === undefined || one.topic === topic).flatMap((one) => one.messages),
  };
  return world;
}

export function add(stream: string, by = 1, id = newId(), text?: string): Arrival {
  const input: CounterInput = { type: 'add', by, ...(text === undefined ? {} : { text }) };
  return { id, kind: 'counter', stream, input };
}

export function tell(stream: string, type: 'explode' | 'break' | 'end', id = newId()): Arrival {
  return { id, kind: 'counter', stream, input: { type } };
}

export function ask(stream: string, input: AskerInput): Arrival {
  return { id: newId(), kind: 'asker', stream, input };
}

export function newId(): string {
  ids += 1;
  return `input-${ids}`;
}

/** Hands over as a bus does: again and again while the spine says "later". */
export async function deliver(spine: Spine, arrivals: readonly Arrival[]): Promise<void> {
  for (;;) {
    try {
      return await spine.receive(arrivals);
    } catch (thrown) {
      if (!(thrown instanceof ParleyError && thrown.retryable)) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
