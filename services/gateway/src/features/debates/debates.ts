import { ParleyError } from '@parley/contracts';
import {
  type AddNoteV1,
  type CancelDebateV1,
  closedStatuses,
  type DebatePage,
  type DebateStatus,
  type DebateView,
  type Degraded,
  type DeltaV1,
  debateKind,
  debateStartedV1,
  type PageQuery,
  type StartDebateBody,
  type StartDebateV1,
  startDebateOf,
  type TurnRecordedV1,
  turnView,
  verdictGivenV1,
} from '@parley/contracts/debate';
import type { Prices } from '@parley/contracts/http';
import { newId } from '@parley/runtime';
import type { Sql } from '@parley/spine';
import type { RequestContext } from '../../api/request-context.ts';
import { noticeOf } from '../../domain/degradation.ts';
import { spendingsOf } from '../../domain/spending.ts';
import { spentOf } from '../../domain/usage.ts';
import { waitingOf } from '../../domain/waiting.ts';
import type { FetchText } from '../../out/fetch-text.ts';
import type { Command, CommandWork, WriteCommand } from '../../streams/command.ts';
import { createEnvelope as envelope } from '../../streams/envelope.ts';
import type { Answer } from '../../streams/idempotency-store.ts';
import type { Followed } from '../../streams/pull.ts';
import type { StreamRow, StreamStore } from '../../streams/stream-store.ts';
import type { Streams } from '../../streams/streams.ts';
import { type DebateListing, emptyListing, summaryOf } from './debate-listing.ts';
import { hasAddress, withEvidence } from './evidence.ts';

export interface DebatesDeps {
  readonly command: Command;
  readonly streams: Streams;
  readonly store: StreamStore;
  readonly prices: Prices;
  readonly fetchText: FetchText;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
  /** The command as it may be while error budgets run out. */
  degrade(command: StartDebateV1): StartDebateV1;
  onDegraded?(degraded: Degraded): void;
}

const closed = new Set<string>(closedStatuses);
/** Statuses of a debate in which nobody has the floor any more, nor will have. */
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
  const { command, store, streams } = deps;

  async function accept(tx: Sql, context: RequestContext, data: StartDebateV1, write: WriteCommand) {
    const id = newId();
    const { topic: title, maxRounds } = data;
    const summary = { ...emptyListing, maxRounds };
    const { tenant } = context;
    const row = { id, kind: debateKind.name, tenant, status: 'accepted', title, summary, parent: null };
    const accepted = await store.accept(tx, row);
    await write(debateKind.commands, envelope(context, `start/${id}`, id, 'start-debate.v1', data));
    return summaryOf(accepted);
  }

  return {
    /** @throws ParleyError NOT_FOUND, also for another tenant's */
    existing: (sql: Sql, tenant: string, id: string): Promise<StreamRow> =>
      streams.existing(sql, tenant, debateKind, id),

    /** Adds a debate that is accepted and writes the command that starts it, in the caller's transaction. */
    accept,

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
          const data = deps.degrade(startDebateOf(ready));
          degraded = data.degraded;
          const summary = await accept(tx, context, data, write);
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
      { limit, cursor, status, topic, outcome }: PageQuery,
      statuses: readonly DebateStatus[] | undefined = status,
    ): Promise<DebatePage> {
      const where = outcome && { path: ['verdict', 'outcome'], is: outcome };
      const which = { kinds: [debateKind.name], before: cursor, statuses, title: topic, where };
      const { rows, next } = await streams.page(tenant, { ...which, limit });
      return { debates: rows.map(summaryOf), next };
    },

    count: (tenant: string, statuses?: readonly DebateStatus[]): Promise<number> =>
      streams.count(tenant, debateKind, statuses),

    async view(tenant: string, id: string): Promise<DebateView> {
      const row = await streams.find(tenant, debateKind, id);
      // All of it: 64 turns of at most four events, 60 pauses and notes, and a few others are fewer than are read.
      const log = await streams.log(tenant, row.id);
      // Out of its schema comes what the view promises, and nothing of a turn that this build cannot read.
      const turns = log
        .filter((event) => event.type === 'turn-recorded.v1')
        .flatMap(({ data, seq }) => turnView.safeParse({ ...(data as TurnRecordedV1), sequence: seq }).data ?? []);
      const given = verdictGivenV1.data.safeParse(log.find((event) => event.type === 'verdict-given.v1')?.data);
      const started = debateStartedV1.data.safeParse(log.find((event) => event.type === 'debate-started.v1')?.data);
      const degraded = started.data?.degraded ?? null;
      const votes = given.data?.votes ?? [];
      const usage = spentOf(
        log.flatMap(({ data }) => spendingsOf(data)),
        deps.prices,
      );
      const lastSequence = log.at(-1)?.seq ?? 0;
      const held = waitingOf(log);
      const waiting = held && { ...held, since: new Date(held.since).toISOString() };
      return {
        ...summaryOf(row),
        detail: (row.summary as DebateListing).detail ?? null,
        lastSequence,
        turns,
        degraded,
        waiting,
        votes,
        usage,
      };
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
        const found = await streams.existing(tx, context.tenant, debateKind, id);
        if (tooLate.has(found.status)) {
          const message = `Debate ${id} is ${found.status}; it is too late to ${what} it.`;
          throw new ParleyError('ALREADY_CLOSED', message);
        }
        await write(debateKind.commands, envelope(context, `${word}/${newId()}`, found.id, type, body));
        return { status: 202, response: { id: found.id, status: found.status } };
      };
      return command(context, body, work, { audit: { action: `debate.${word}`, target: id } });
    },

    /**
     * Events as they are committed, from the one after `after` to the last, and pieces of turns in between.
     * @throws ParleyError NOT_FOUND, TOO_MANY_STREAMS, when the first is asked for
     */
    follow: (tenant: string, id: string, after: number, signal: AbortSignal) =>
      // The deltas of a debate are pieces of its turns.
      streams.follow(tenant, debateKind, id, after, signal) as AsyncGenerator<Followed<DeltaV1>>,
  };
}
export type Debates = ReturnType<typeof createDebates>;
