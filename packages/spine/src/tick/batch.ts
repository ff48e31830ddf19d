import { defaultTenant, type EffectOutcome, type Message, messageOf, type Named } from '@parley/contracts';
import { envelope, post } from '../outbox/envelope.ts';
import { park } from './park.ts';
import { type Batch, type BatchContext, type EffectRow, type Incoming, type StreamRow, tenantOf } from './rows.ts';

/** Refusal of an input for a stream that is something else. */
const wrongKind = 'WRONG_KIND';
/** Refusal of an input for a stream that is somebody else's. */
const wrongTenant = 'WRONG_TENANT';

/**
 * Decides for many streams at once, in memory: no I/O, the same result for the same arguments. A stream whose
 * `decide` throws is set aside with its inputs; the others are not touched by it.
 */
export function decideBatch(
  rows: ReadonlyMap<string, StreamRow>,
  inputs: ReadonlyMap<string, readonly Incoming[]>,
  context: BatchContext,
): Batch {
  const batch: Batch = {
    created: [],
    changed: [],
    events: [],
    inbox: [],
    effects: [],
    finished: [],
    outbox: new Map(),
    refused: new Map(),
    parked: [],
  };
  for (const [stream, incoming] of inputs) decideStream(stream, rows.get(stream), incoming, context, batch);
  return batch;
}

function decideStream(
  stream: string,
  row: StreamRow | undefined,
  incoming: readonly Incoming[],
  context: BatchContext,
  batch: Batch,
): void {
  const first = incoming[0] as Incoming;
  if (row?.status === 'parked') {
    for (const input of incoming) batch.inbox.push({ incoming: input, state: 'parked' });
    return;
  }
  const at = new Date(context.at).toISOString();
  if (context.refusal !== undefined) {
    park(stream, row, first, incoming, context.refusal, at, context, batch);
    return;
  }
  const tenant = tenantOf(row, first);
  const kindName = row?.kind ?? first.kind;
  const kind = context.kinds.get(kindName);
  const events: Batch['events'] = [];
  const messages: [topic: string, message: Message][] = [];
  const effects: EffectRow[] = [];
  const refused: string[] = [];
  let version = row?.version ?? 0;
  let current = first;
  let state: unknown;
  try {
    if (kind === undefined) throw new Error(`this build has no decider of kind "${kindName}"`);
    const { decider, publish } = kind;
    state = row === undefined || row.version === 0 ? decider.initial() : row.state;
    for (const input of incoming) {
      current = input;
      const refusal = refusalOf(input, kindName, tenant);
      if (refusal !== undefined) {
        refused.push(refusal);
        continue;
      }
      const decision = decider.decide(state, input.input, context.at - context.jumpedMs);
      if (!decision.ok) {
        refused.push(decision.code);
        continue;
      }
      for (const event of decision.events) {
        version += 1;
        const before = state;
        state = decider.evolve(state, event);
        const { type, data } = event as Named & { data?: unknown };
        events.push({ stream_id: stream, seq: version, type, data: data ?? {}, at });
        const to = publish(event, stream, before, tenant);
        if (to === undefined) continue;
        const message = envelope({
          id: `${kindName}/${stream}/${version}`,
          type,
          source: context.service,
          subject: to.subject,
          deadline: to.deadlineAt === undefined ? undefined : new Date(to.deadlineAt).toISOString(),
          tokensleft: to.tokensLeft,
          sequence: version,
          data: data ?? {},
          time: at,
          tenant,
          traceparent: input.traceparent,
        });
        messages.push([to.topic, message]);
      }
      for (const { key, effect, isIdempotent, dueAt } of decision.effects) {
        effects.push({
          stream,
          kind: kindName,
          tenant,
          key,
          effect,
          isIdempotent,
          dueAt: dueAt === undefined ? undefined : dueAt + context.jumpedMs,
          traceparent: input.traceparent,
        });
      }
    }
  } catch (thrown) {
    park(stream, row, current, incoming, messageOf(thrown), at, context, batch);
    return;
  }
  const isFinished = row?.status === 'finished' || kind.decider.isFinished(state);
  const isNew = row === undefined && version > 0;
  for (const input of incoming) {
    const from = isNew && input === first ? 'opening' : input.from;
    batch.inbox.push({ incoming: { ...input, from }, state: 'handled' });
  }
  for (const code of refused) batch.refused.set(code, (batch.refused.get(code) ?? 0) + 1);
  batch.events.push(...events);
  for (const [topic, message] of messages) post(batch.outbox, topic, message);
  if (isFinished) {
    if (row?.status !== 'finished') batch.finished.push(stream);
  } else {
    batch.effects.push(...effects);
  }
  const write = {
    id: stream,
    tenant,
    kind: kindName,
    version,
    state,
    status: isFinished ? 'finished' : 'active',
  } as const;
  if (isNew) batch.created.push({ ...write, opened_by: first.id });
  else if (row !== undefined && (version !== row.version || write.status !== row.status || effects.length > 0)) {
    // Also for effects alone: a process that has the stream in its cache must see that it went on.
    batch.changed.push(write);
  }
}

/** Inputs that lie in the inbox or answer an effect were looked at when they came. */
function refusalOf(input: Incoming, kind: string, tenant: string): string | undefined {
  if (input.kind !== kind) return wrongKind;
  return input.from === 'new' && (input.tenant ?? defaultTenant) !== tenant ? wrongTenant : undefined;
}

/** The input that an effect's outcome becomes. Its id is derived, so answering twice is one arrival. */
export function answerOf(
  effect: { stream: string; kind: string; key: string; traceparent?: string | undefined },
  outcome: EffectOutcome,
): Incoming {
  return {
    id: `answer/${effect.stream}/${effect.key}`,
    kind: effect.kind,
    stream: effect.stream,
    input: outcome,
    traceparent: effect.traceparent,
    from: 'answer',
  };
}
