import type { Message } from './message.ts';
import type { ServiceName } from './services.ts';

/**
 * State of a stream in the words of every protocol. MCP's, AG-UI's and OpenAI's words are derived from these.
 * Source: A2A 1.0 §4.1.3 (TaskState).
 */
export const runStatuses = [
  'submitted',
  'working',
  'paused',
  'input-required',
  'completed',
  'canceled',
  'failed',
  'rejected',
] as const;
export type RunStatus = (typeof runStatuses)[number];

const endedStatuses: ReadonlySet<RunStatus> = new Set(['completed', 'canceled', 'failed', 'rejected']);

/** Whether nothing follows: the stream's work is over, one way or the other. */
export const isEnded = (status: RunStatus): boolean => endedStatuses.has(status);

/** What every service and client may know of a kind of stream. */
export interface StreamKind {
  /** First part of the ids of its facts, and what its streams are called: 'debate'. */
  readonly name: string;
  /** Part of the address: `/v1/{path}/{id}/events`. */
  readonly path: string;
  /** Writer of its log: the numbered facts of its streams. */
  readonly service: ServiceName;
  /** Topic of what users ask of its streams. */
  readonly commands: string;
  /** Facts after which no other follows; none for a stream without an end. */
  readonly last: readonly string[];
  /** The kind's own statuses, each with the word that every protocol knows. */
  readonly statuses: Readonly<Record<string, RunStatus>>;
}

/** Place of a numbered fact: which stream of which kind it belongs to. */
export interface FactPlace {
  readonly kind: string;
  readonly stream: string;
  readonly seq: number;
}

/**
 * Place of a fact in the log of its stream, from its id `kind/stream/number`; undefined for a message that is no
 * numbered fact.
 */
export function placeOfFact({
  id,
  subject,
  sequence,
}: Pick<Message, 'id' | 'subject' | 'sequence'>): FactPlace | undefined {
  const place = `/${subject}/${sequence}`;
  if (sequence === undefined || !id.endsWith(place)) return undefined;
  return { kind: id.slice(0, -place.length), stream: subject, seq: sequence };
}
