import type { RunStatus, StreamKind } from '@parley/contracts';
import type { RequestContext } from '../api/request-context.ts';
import { type Artifact, isQuestion, type Piece, type Presented } from '../domain/presented.ts';
import type { StreamEvent } from './event-store.ts';
import type { Delta } from './hub.ts';
import type { Followed } from './pull.ts';

/** What somebody asks of an agent. */
export interface Asked {
  /** The text, in the parts that it came in. */
  readonly words: readonly string[];
  /** Settings of the kind, as they came in; unchecked. */
  readonly settings?: unknown;
  /** Where the words stand in the request, and what its protocol calls them, for the fault of wrong ones. */
  readonly field: string;
  readonly called: string;
}

/** A piece of work of an agent, as lists show it. */
export interface AgentWork {
  readonly id: string;
  readonly title: string;
  readonly status: RunStatus;
  /** What is to be said of it as it stands: the question that it waits with, or how it ended. */
  readonly words: string | undefined;
  readonly createdAt: string;
  readonly closedAt: string | null;
}

/** A piece of work with what it has made so far. */
export interface AgentWorkView extends AgentWork {
  /** Number of its last event, 0 before the first. */
  readonly sequence: number;
  readonly artifacts: readonly (Artifact & { readonly sequence: number })[];
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

export interface WorkQuery {
  readonly limit?: number | undefined;
  /** The last id of the page before. */
  readonly cursor?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
}

/** What protocols show of an agent's work. */
export interface AgentReads {
  readonly kind: StreamKind;
  /** What an event is to whoever asked this agent; nothing of it for an event that this build cannot read. */
  present(event: Pick<StreamEvent, 'type' | 'data'>): Presented;
  /** The piece of a text that a delta is, if it is one of this agent's. */
  piece(delta: Delta): Piece | undefined;
  /** @returns the id in the form that it was given out in. @throws ParleyError NOT_FOUND, also for another tenant's */
  existing(tenant: string, id: string): Promise<string>;
  /** @throws ParleyError NOT_FOUND */
  view(tenant: string, id: string): Promise<AgentWorkView>;
  /** One page, newest first; `next` is the cursor of the next one. */
  list(tenant: string, query: WorkQuery): Promise<{ readonly works: AgentWork[]; readonly next: string | null }>;
  count(tenant: string, statuses?: readonly RunStatus[]): Promise<number>;
  /**
   * Events as they are committed, from the one after `after` to the last, and deltas in between.
   * @throws ParleyError NOT_FOUND, TOO_MANY_STREAMS, when the first is asked for
   */
  follow(tenant: string, id: string, after: number, signal: AbortSignal): AsyncGenerator<Followed>;
}

/**
 * What protocols ask by name, each in its own words: whatever takes a text, works at it as a stream of events, and may
 * ask back. `say` and `answer` of the same words are the same command, so that a message which comes again under its
 * idempotency key is the same message, whatever became of the work in between.
 */
export interface AgentPort extends AgentReads {
  /** Name on the wire: a model of OpenAI's, the end of a path of A2A's. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Its feature has tools of its own; for others there is a general one. */
  readonly hasTools?: boolean;
  /** @throws BadRequest */
  start(context: RequestContext, asked: Asked): Promise<{ readonly id: string; readonly createdAt: string }>;
  /** Tells work that goes on something. @throws ParleyError NOT_FOUND, ALREADY_CLOSED */
  say(context: RequestContext, id: string, words: readonly string[]): Promise<void>;
  /** Answers the question of work that waits with one. @throws ParleyError NOT_FOUND, ALREADY_CLOSED */
  answer(context: RequestContext, id: string, words: readonly string[]): Promise<void>;
  /** @throws ParleyError NOT_FOUND, ALREADY_CLOSED */
  cancel(context: RequestContext, id: string): Promise<void>;
}

/** Whether the work waits for an answer. */
export const isAsking = ({ status }: Pick<AgentWork, 'status'>): boolean => status === 'input-required';

/** Says something to work that goes on: the answer to its question, where it waits with one. */
export async function tell(
  agent: AgentPort,
  context: RequestContext,
  id: string,
  words: readonly string[],
): Promise<AgentWorkView> {
  const before = await agent.view(context.tenant, id);
  await (isAsking(before) ? agent.answer(context, id, words) : agent.say(context, id, words));
  return before;
}

/** Whether an event is a question that nobody has answered yet. */
export async function isWaitingAt(agent: AgentReads, tenant: string, id: string, event: StreamEvent): Promise<boolean> {
  return isQuestion(agent.present(event)) && isAsking(await agent.view(tenant, id));
}
