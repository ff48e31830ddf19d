import {
  type AddNoteV1,
  type CancelDebateV1,
  closedStatuses,
  type DebatePage,
  type DebateStatus,
  type DebateView,
  type Degraded,
  debateStartedV1,
  type PageQuery,
  ParleyError,
  type Prices,
  type StartDebateBody,
  type StartDebateV1,
  startDebateOf,
  type TurnRecordedV1,
  turnView,
  verdictGivenV1,
} from '@parley/contracts';
import { newId } from '@parley/runtime';
import type { Database, Sql } from '@parley/spine';
import { z } from 'zod';
import { onBehalfOf } from '../../access/tenant.ts';
import { noticeOf } from '../../domain/degradation.ts';
import { spendingsOf } from '../../domain/spending.ts';
import { spentOf } from '../../domain/usage.ts';
import { waitingOf } from '../../domain/waiting.ts';
import type { FetchText } from '../../out/fetch-text.ts';
import type { Command, CommandWork } from '../../streams/command.ts';
import type { Connections } from '../../streams/connections.ts';
import { createEnvelope as envelope } from '../../streams/envelope.ts';
import { type EventStore, maxEvents } from '../../streams/event-store.ts';
import type { FollowDeps } from '../../streams/follow.ts';
import type { Answer } from '../../streams/idempotency-store.ts';
import { type Followed, pull } from '../../streams/pull.ts';
import type { RequestContext } from '../../streams/request-context.ts';
import type { DebateStore } from './debate-store.ts';
import { hasAddress, withEvidence } from './evidence.ts';

export interface DebatesDeps extends Pick<FollowDeps, 'hub' | 'pollMs'> {
  readonly connections: Connections;
  readonly db: Database;
  readonly command: Command;
  readonly debates: DebateStore;
  readonly events: EventStore;
  readonly prices: Prices;
  readonly fetchText: FetchText;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
  /** The command as it may be while error budgets run out. */
  degrade(command: StartDebateV1): StartDebateV1;
  onDegraded?(degraded: Degraded): void;
}

const uuid = z.uuid();
const pageSize = 20;
const closed = new Set<string>(closedStatuses);
/** Nobody has the floor any more, nor will have. */
const silent = new Set([...closed, 'judging']);

/** Controls of a debate that goes on, by the last part of their route. */
export interface Controls {
  readonly cancel: CancelDebateV1;
  readonly pause: Record<string, never>;
  readonly resume: Record<string, never>;
  readonly notes: AddNoteV1;
}

const controls = {
  cancel: { type: 'cancel-debate.v1', tooLate: closed, what: 'cancel' },
  pause: { type: 'pause-debate.v1', tooLate: silent, what: 'pause' },
  resume: { type: 'resume-debate.v1', tooLate: silent, what: 'resume' },
  notes: { type: 'add-note.v1', tooLate: silent, what: 'add a note to' },
} as const;

/** What every protocol does with debates: each translates its own words to these. */
export function createDebates(deps: DebatesDeps) {
  const { db, command, debates, events } = deps;

  /** @throws ParleyError NOT_FOUND, also for another tenant's */
  async function existing(sql: Sql, tenant: string, id: string) {
    const found = uuid.safeParse(id).success ? await debates.find(sql, tenant, id) : undefined;
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
    return found;
  }

  return {
    existing,

    /** @returns an `AcceptedView` as its response */
    async start(context: RequestContext, body: StartDebateBody): Promise<Answer> {
      let ready = body;
      const prepare = async () => {
        ready = await withEvidence(body, deps.fetchText);
      };
      const isSlow = hasAddress(body);
      if (!isSlow) await prepare();
      let degraded: Degraded | undefined;
      const answer = await command(
        context,
        body,
        async (tx, write) => {
          await deps.checkQuota(tx, context.tenant);
          const id = newId();
          const data = deps.degrade(startDebateOf(ready));
          degraded = data.degraded;
          const summary = await debates.accept(tx, context.tenant, id, data);
          await write(envelope(context, `start/${id}`, id, 'start-debate.v1', data));
          const notice = noticeOf({ maxRounds: body.maxRounds, panel: body.judge?.panel }, degraded);
          const told = { ...(degraded && { degraded }), ...(notice && { notice }) };
          return { status: 202, response: { ...summary, ...told } };
        },
        isSlow ? { prepare } : {},
      );
      if (degraded !== undefined) deps.onDegraded?.(degraded);
      return answer;
    },

    async page(
      tenant: string,
      { limit = pageSize, cursor, status, topic, outcome }: PageQuery,
      statuses: readonly DebateStatus[] | undefined = status,
    ): Promise<DebatePage> {
      const which = { before: cursor, statuses, topic, outcome };
      const rows = await debates.page(onBehalfOf(db, tenant), tenant, limit + 1, which);
      const page = rows.slice(0, limit);
      return { debates: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    count: (tenant: string, statuses?: readonly DebateStatus[]): Promise<number> =>
      debates.count(onBehalfOf(db, tenant), tenant, statuses),

    async view(tenant: string, id: string): Promise<DebateView> {
      const mine = onBehalfOf(db, tenant);
      const summary = await existing(mine, tenant, id);
      const log = await events.after(mine, tenant, id, 0, maxEvents);
      // Out of its schema comes what the view promises, and nothing of a turn that this build cannot read.
      const turns = log
        .filter((event) => event.type === 'turn-recorded.v1')
        .flatMap(({ data, seq }) => turnView.safeParse({ ...(data as TurnRecordedV1), sequence: seq }).data ?? []);
      const given = verdictGivenV1.safeParse(log.find((event) => event.type === 'verdict-given.v1')?.data);
      const started = debateStartedV1.safeParse(log.find((event) => event.type === 'debate-started.v1')?.data);
      const degraded = started.data?.degraded ?? null;
      const votes = given.data?.votes ?? [];
      const usage = spentOf(
        log.flatMap(({ data }) => spendingsOf(data)),
        deps.prices,
      );
      const lastSequence = log.at(-1)?.seq ?? 0;
      const held = waitingOf(log);
      const waiting = held && { ...held, since: new Date(held.since).toISOString() };
      return { ...summary, lastSequence, turns, degraded, waiting, votes, usage };
    },

    /** Sends a control to a debate that goes on. The moderator decides whether it still goes on when the control arrives. */
    control<Word extends keyof Controls>(
      context: RequestContext,
      id: string,
      word: Word,
      body: Controls[Word],
    ): Promise<Answer> {
      const { type, tooLate, what } = controls[word];
      const work: CommandWork = async (tx, write) => {
        const found = await existing(tx, context.tenant, id);
        if (tooLate.has(found.status)) {
          const message = `Debate ${id} is ${found.status}; it is too late to ${what} it.`;
          throw new ParleyError('ALREADY_CLOSED', message);
        }
        await write(envelope(context, `${word}/${newId()}`, found.id, type, body));
        return { status: 202, response: { id: found.id, status: found.status } };
      };
      return command(context, body, work, { audit: { action: `debate.${word}`, target: id } });
    },

    /**
     * Events as they are committed, from the one after `after` to the last, and pieces of text in between.
     * @throws ParleyError NOT_FOUND, TOO_MANY_STREAMS, when the first is asked for
     */
    async *follow(tenant: string, id: string, after: number, signal: AbortSignal): AsyncGenerator<Followed> {
      const mine = onBehalfOf(db, tenant);
      const { status, ...found } = await existing(mine, tenant, id);
      const eventsAfter = (debate: string, seq: number, limit: number) =>
        events.after(mine, tenant, debate, seq, limit);
      if (closed.has(status) && (await eventsAfter(found.id, after, 1)).length === 0) return;
      const leave = await deps.connections.enter(tenant);
      try {
        yield* pull({ hub: deps.hub, pollMs: deps.pollMs, eventsAfter }, found.id, after, signal);
      } finally {
        leave();
      }
    },
  };
}
export type Debates = ReturnType<typeof createDebates>;
