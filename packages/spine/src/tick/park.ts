import { storable } from '@parley/contracts';
import { envelope, post } from '../outbox/envelope.ts';
import { type Batch, type BatchContext, type Incoming, type StreamRow, tenantOf } from './rows.ts';

/** Sets a stream aside with all inputs of the batch, as it was before them, and reports it. `current` is the guilty one. */
export function park(
  stream: string,
  row: StreamRow | undefined,
  current: Incoming,
  incoming: readonly Incoming[],
  reason: string,
  at: string,
  context: BatchContext,
  batch: Batch,
): void {
  const report = { kind: current.kind, stream, input: current.input.type, reason: storable(reason) };
  for (const input of incoming) batch.inbox.push({ incoming: input, state: 'parked' });
  const tenant = tenantOf(row, incoming[0] as Incoming);
  const write = {
    id: stream,
    tenant,
    kind: current.kind,
    version: row?.version ?? 0,
    state: row?.state ?? null,
    status: 'parked',
    parked_reason: report.reason,
    parked_input: report.input,
  } as const;
  (row === undefined ? batch.created : batch.changed).push(write);
  batch.parked.push({ ...report, traceparent: current.traceparent });
  if (context.parkedTopic === undefined) return;
  const message = envelope({
    // With the time, because the same input may park its stream again after an unparking.
    id: `parked/${current.kind}/${stream}/${current.id}/${context.at}`,
    type: 'stream-parked.v1',
    source: context.service,
    subject: stream,
    data: { service: context.service, ...report },
    time: at,
    tenant,
    traceparent: current.traceparent,
  });
  post(batch.outbox, context.parkedTopic, message);
}
