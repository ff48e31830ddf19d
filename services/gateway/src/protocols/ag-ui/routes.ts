import type { AGUIEvent, Message } from '@ag-ui/core';
import { faultOf, type Logger, logFault, onlyMethods, parse } from '@parley/runtime';
import { type RequestHandler, Router } from 'express';
import { requestContextOf } from '../../api/request-context.ts';
import { type AgentPort, isAsking, isWaitingAt } from '../../streams/agent-port.ts';
import { leavingOf, sendTexts } from '../../streams/text-stream.ts';
import { idHeaderOf } from '../id-header.ts';

export interface AgUiDeps {
  readonly agents: readonly AgentPort[];
  readonly logger: Logger;
  readonly heartbeatMs?: number | undefined;
}

/** The Agent-User Interaction protocol: a run starts a piece of work, follows one again, or answers its question. */
export function agUiRoutes(deps: AgUiDeps): Router {
  let loaded: Promise<RequestHandler> | undefined;
  const router = Router();
  router.post('/ag-ui', async (request, response, next) => {
    loaded ??= load(deps);
    await (await loaded)(request, response, next);
  });
  router.all('/ag-ui', onlyMethods('POST'));
  return router;
}

async function load({ agents, logger, heartbeatMs }: AgUiDeps): Promise<RequestHandler> {
  const [{ RunAgentInputSchema }, { createTranslation }, { agentOf, answerOf, askedOf, names, threadOf }] =
    await Promise.all([import('@ag-ui/core/schemas'), import('./events.ts'), import('./input.ts')]);
  return async (request, response) => {
    const input = parse(RunAgentInputSchema, request.body ?? {}, 'body');
    const { threadId, runId } = parse(names, input, 'body');
    const context = requestContextOf(request, response);
    const agent = agentOf(input, agents);
    // The same run of the same thread is the same work, or the same answer.
    const same = { idempotencyKey: `ag-ui ${JSON.stringify([threadId, runId])}`, ...context };
    const known = threadOf(input);
    const {
      id,
      after,
      answered = 0,
    }: Followed = known === undefined
      ? { id: (await agent.start(same, askedOf(input))).id, after: 0 }
      : await resumed(known);
    const translation = createTranslation(agent, { threadId, runId, id, messages: input.messages as Message[] });
    async function* texts(): AsyncGenerator<string> {
      yield line(translation.started());
      try {
        for await (const one of agent.follow(context.tenant, id, after, leavingOf(response))) {
          if (one.kind === 'delta') {
            const piece = agent.piece(one.delta);
            if (piece !== undefined) for (const event of translation.piece(piece)) yield line(event);
            continue;
          }
          const isWaiting = one.event.seq > answered && (await isWaitingAt(agent, context.tenant, id, one.event));
          const told = isWaiting ? translation.question(one.event) : translation.of(one.event);
          for (const event of told) yield line(event);
          if (isWaiting) return;
        }
      } catch (thrown) {
        const fault = faultOf(thrown, context.traceparent);
        logFault(logger, fault, thrown);
        yield line(translation.failed(fault.problem.detail, fault.problem.code));
      }
    }
    response.set(idHeaderOf(agent.kind), id);
    await sendTexts(response, texts(), heartbeatMs);

    /** Work that was started before; an answer goes to the question that it waits with, and what follows is told. */
    async function resumed(thread: { id: string; after: number | undefined }): Promise<Followed> {
      const work = await agent.view(context.tenant, thread.id);
      const answer = answerOf(input);
      if (answer === undefined) return { id: work.id, after: thread.after ?? 0 };
      if (isAsking(work)) await agent.answer(same, work.id, answer);
      return { id: work.id, after: thread.after ?? work.sequence, answered: work.sequence };
    }
  };
}

/** What a run tells: the events after one of them, of which the questions up to another are answered. */
interface Followed {
  readonly id: string;
  readonly after: number;
  readonly answered?: number;
}

const line = (event: AGUIEvent): string => `data: ${JSON.stringify(event)}\n\n`;
