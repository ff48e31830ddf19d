import { randomUUID } from 'node:crypto';
import type { MessageBus } from '@parley/bus';
import { type Fact, type Message, type StreamKind, topics } from '@parley/contracts';
import type { Artifact, End, Presented } from '../src/domain/presented.ts';
import type { AgentPort } from '../src/streams/agent-port.ts';
import { createAgentReads } from '../src/streams/agent-reads.ts';
import { createEnvelope } from '../src/streams/envelope.ts';
import type { Feature } from '../src/streams/feature.ts';

/**
 * A kind of stream that asks back. Messages that the contracts have already stand in for messages of its own: a note
 * that ends with "?" is its question, any other one its words, and a pause an answer that was taken.
 */
const kind: StreamKind = {
  name: 'errand',
  path: 'errands',
  service: 'moderator',
  commands: 'parley.debate.commands',
  last: ['debate-closed.v1'],
  statuses: { accepted: 'submitted', busy: 'working', asking: 'input-required', done: 'completed', parked: 'failed' },
};
interface Listing {
  readonly question: string | null;
}

const end: End = { status: 'completed', reason: 'done', isCutShort: false, data: {} };
/** What comes of it, in the same fact as its end. */
const result: Artifact = {
  ...{ id: 'result', name: 'Result', author: 'Errand boy', text: 'Green tea.' },
  ...{ order: 1, before: '', after: '', metadata: {} },
};

const present = ({ type, data }: Fact): Presented | undefined => {
  switch (type) {
    case 'note-added.v1':
      return data.text.endsWith('?') ? { status: 'input-required', words: data.text } : { words: data.text };
    case 'debate-paused.v1':
      return { status: 'working' };
    case 'debate-closed.v1':
      return { status: 'completed', artifact: result, end };
    default:
      return undefined;
  }
};

/** The planted agent, with its kind, for a gateway. */
export const errandFeature: Feature<Listing> = {
  kind,
  present,
  evolve(before, fact, at) {
    const { status, words = null } = present(fact) ?? {};
    if (status === undefined) return undefined;
    const own = Object.entries(kind.statuses).find(([, shared]) => shared === status)?.[0] ?? 'busy';
    const known = before ?? { title: '', createdAt: at, parent: null };
    const closedAt = status === 'completed' ? at : null;
    return { ...known, status: own, closedAt, summary: { question: status === 'input-required' ? words : null } };
  },
  agents({ command, streams, store }): AgentPort[] {
    /** What is said to it goes out as a command whose id begins with how it was said. */
    const tell =
      (how: 'say' | 'answer' | 'cancel'): AgentPort['say'] =>
      async (context, id, words) => {
        await command(context, { words }, async (tx, write) => {
          await streams.existing(tx, context.tenant, kind, id);
          const data = { text: words.join(' ') };
          await write(kind.commands, createEnvelope(context, `${how}/${randomUUID()}`, id, 'add-note.v1', data));
          return { status: 202, response: { id } };
        });
      };
    return [
      {
        name: 'errand-boy',
        title: 'Errand boy',
        description: 'Asks what he does not know.',
        examples: [],
        ...createAgentReads(streams, errandFeature, {
          standing: ({ summary }) => (summary as Listing).question ?? undefined,
        }),
        async start(context, { words }) {
          const answer = await command(context, { words }, async (tx, write) => {
            const [id, title] = [randomUUID(), words.join(' ')];
            const row = { id, kind: kind.name, tenant: context.tenant, status: 'accepted', title, parent: null };
            const { createdAt } = await store.accept(tx, { ...row, summary: { question: null } });
            await write(kind.commands, createEnvelope(context, `start/${id}`, id, 'add-note.v1', { text: title }));
            return { status: 202, response: { id, createdAt } };
          });
          return answer.response as { id: string; createdAt: string };
        },
        say: tell('say'),
        answer: tell('answer'),
        cancel: (context, id) => tell('cancel')(context, id, []),
      },
    ];
  },
};

/** The facts of an errand: its words, its question, what came of the answer, its end. */
const script: readonly Pick<Fact, 'type' | 'data'>[] = [
  { type: 'note-added.v1', data: { text: 'I go.' } },
  { type: 'note-added.v1', data: { text: 'Which tea?' } },
  { type: 'debate-paused.v1', data: {} },
  { type: 'note-added.v1', data: { text: ' I bought it.' } },
  { type: 'debate-closed.v1', data: { status: 'closed', stopReason: 'consensus' } },
];

/** Resolves when the gateway has taken in the facts of an errand from one number to another. */
export function runErrand(bus: MessageBus, id: string, from: number, to: number, tenant?: string): Promise<void> {
  const facts = script.map(({ type, data }, i): Message => {
    const seq = i + 1;
    const time = new Date(1_800_000_000_000 + seq).toISOString();
    const of = tenant === undefined ? {} : { tenant };
    return { id: `errand/${id}/${seq}`, type, source: 'moderator', subject: id, time, sequence: seq, data, ...of };
  });
  return bus.publish(topics.debateEvents.name, facts.slice(from - 1, to));
}
