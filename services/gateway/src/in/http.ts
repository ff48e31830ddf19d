import type { OutgoingHttpHeader } from 'node:http';
import {
  cancelDebateBody,
  type DebateView,
  type Message,
  ParleyError,
  pageQuery,
  startDebateBody,
  startDebateOf,
  type TurnRecordedV1,
  topics,
} from '@parley/contracts';
import { newId, parse } from '@parley/runtime';
import type { Database, Outbox } from '@parley/spine';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { DebateStore } from '../store/debates.ts';
import type { EventStore } from '../store/events.ts';
import type { Answer, IdempotencyStore } from '../store/idempotency.ts';
import type { ParkedStore } from '../store/parked.ts';
import { type EventStreamDeps, sendEvents } from './event-stream.ts';

export interface RoutesDeps extends Omit<EventStreamDeps, 'eventsAfter'> {
  readonly db: Database;
  readonly outbox: Outbox;
  readonly debates: DebateStore;
  readonly events: EventStore;
  readonly idempotency: IdempotencyStore;
  readonly parked: ParkedStore;
}

const idPath = z.strictObject({ id: z.uuid('a debate id is a UUID') });
const afterQuery = z.strictObject({ after: z.coerce.number().int().min(0).optional() });
const lastEventId = z.coerce.number().int().min(0);
const keyHeader = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces');
const pageSize = 20;
const closed = new Set(['closed', 'cancelled', 'failed']);
/** More than any debate has: 64 turns and a handful of others. */
const maxEvents = 500;

export function debateRoutes(deps: RoutesDeps): Router {
  const router = Router();
  const { db, debates, events } = deps;

  /** Commits, then answers: what is acknowledged is durable. */
  async function command(
    request: Request,
    response: Response,
    body: unknown,
    work: (write: (message: Message) => Promise<void>, tx: Parameters<DebateStore['find']>[0]) => Promise<Answer>,
  ): Promise<void> {
    const header = request.get('Idempotency-Key');
    const key =
      header === undefined ? undefined : `${request.method} ${request.path} ${parse(keyHeader, header, 'query')}`;
    const answer = await db.transaction(async (tx) => {
      const known = key === undefined ? undefined : await deps.idempotency.claim(tx, key, body);
      if (known !== undefined) return known;
      const made = await work((message) => deps.outbox.write(tx, topics.debateCommands.name, [message]), tx);
      if (key !== undefined) await deps.idempotency.keep(tx, key, body, made);
      return made;
    });
    deps.outbox.notify();
    const { id } = answer.response as { id: string };
    response.status(answer.status).set('Location', `/v1/debates/${id}` satisfies OutgoingHttpHeader);
    response.json(answer.response);
  }

  function envelope(response: Response, id: string, subject: string, type: string, data: unknown): Message {
    const { traceparent } = response.locals;
    return { id, type, source: 'gateway', subject, time: new Date().toISOString(), data, traceparent };
  }

  async function existing(id: string) {
    const found = await debates.find(db, id);
    if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
    return found;
  }

  router.post('/v1/debates', async (request, response) => {
    const body = parse(startDebateBody, request.body ?? {}, 'body');
    await command(request, response, body, async (write, tx) => {
      const id = newId();
      const start = startDebateOf(body);
      const summary = await debates.accept(tx, id, start);
      await write(envelope(response, `start/${id}`, id, 'start-debate.v1', start));
      return { status: 202, response: summary };
    });
  });

  router.get('/v1/debates', async (request, response) => {
    const query = parse(pageQuery, request.query, 'query');
    const limit = query.limit ?? pageSize;
    const rows = await debates.page(db, limit + 1, query.cursor);
    const page = rows.slice(0, limit);
    response.json({ debates: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null });
  });

  router.get('/v1/debates/:id', async (request, response) => {
    const { id } = parse(idPath, request.params, 'path');
    const summary = await existing(id);
    const log = await events.after(db, id, 0, maxEvents);
    const turns = log
      .filter((event) => event.type === 'turn-recorded.v1')
      .map((event) => {
        const { next: _next, ...turn } = event.data as TurnRecordedV1;
        return { ...turn, sequence: event.seq };
      });
    const view: DebateView = { ...summary, lastSequence: log.at(-1)?.seq ?? 0, turns };
    response.json(view);
  });

  router.post('/v1/debates/:id/cancel', async (request, response) => {
    const { id } = parse(idPath, request.params, 'path');
    const body = parse(cancelDebateBody, request.body ?? {}, 'body');
    await command(request, response, body, async (write, tx) => {
      const found = await debates.find(tx, id);
      if (found === undefined) throw new ParleyError('NOT_FOUND', `There is no debate ${id}.`);
      if (closed.has(found.status)) {
        throw new ParleyError('ALREADY_CLOSED', `Debate ${id} is ${found.status}; there is nothing left to cancel.`);
      }
      await write(envelope(response, `cancel/${newId()}`, id, 'cancel-debate.v1', body));
      return { status: 202, response: { id, status: found.status } };
    });
  });

  router.get('/v1/debates/:id/events', async (request, response) => {
    const { id } = parse(idPath, request.params, 'path');
    const { after } = parse(afterQuery, request.query, 'query');
    const header = request.get('Last-Event-ID');
    // A reconnecting browser keeps the query of its first request: the header is the newer word.
    const from = header === undefined || header === '' ? (after ?? 0) : parse(lastEventId, header, 'query');
    await existing(id);
    const eventsAfter = (debate: string, seq: number, limit: number) => events.after(db, debate, seq, limit);
    sendEvents({ ...deps, eventsAfter }, response, id, from);
  });

  router.get('/v1/parked', async (_request, response) => {
    response.json({ parked: await deps.parked.newest(db, 100) });
  });

  return router;
}
