import type { AGUIEvent, Message } from '@ag-ui/core';
import type { DebateSummary } from '@parley/contracts';
import { faultOf, type Logger, logFault, onlyMethods, parse } from '@parley/runtime';
import { type RequestHandler, Router } from 'express';
import type { Debates } from '../../features/debates/debates.ts';
import { requestContextOf } from '../../streams/request-context.ts';
import { leavingOf, sendTexts } from '../../streams/text-stream.ts';

export interface AgUiDeps {
  readonly debates: Debates;
  readonly logger: Logger;
  readonly heartbeatMs?: number | undefined;
}

/** The Agent-User Interaction protocol: a run is a debate that is started, or one that is followed again. */
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

async function load({ debates, logger, heartbeatMs }: AgUiDeps): Promise<RequestHandler> {
  const [{ RunAgentInputSchema }, { createTranslation }, { debateOf, names, threadOf }] = await Promise.all([
    import('@ag-ui/core/schemas'),
    import('./events.ts'),
    import('./input.ts'),
  ]);
  return async (request, response) => {
    const input = parse(RunAgentInputSchema, request.body ?? {}, 'body');
    const { threadId, runId } = parse(names, input, 'body');
    const context = requestContextOf(request, response);
    const known = threadOf(input);
    const { id, after } = known ?? { id: await start(), after: 0 };
    if (known !== undefined) await debates.view(context.tenant, id);
    const translation = createTranslation({ threadId, runId, debate: id, messages: input.messages as Message[] });
    async function* texts(): AsyncGenerator<string> {
      yield line(translation.started());
      try {
        for await (const one of debates.follow(context.tenant, id, after, leavingOf(response))) {
          const told = one.kind === 'event' ? translation.of(one.event) : translation.piece(one.delta);
          for (const event of told) yield line(event);
        }
      } catch (thrown) {
        const fault = faultOf(thrown, context.traceparent);
        logFault(logger, fault, thrown);
        yield line(translation.failed(fault.problem.detail, fault.problem.code));
      }
    }
    response.set('X-Parley-Debate', id);
    await sendTexts(response, texts(), heartbeatMs);

    /** The same run of the same thread is the same debate. */
    async function start(): Promise<string> {
      const idempotencyKey = `ag-ui ${JSON.stringify([threadId, runId])}`;
      return ((await debates.start({ idempotencyKey, ...context }, debateOf(input))).response as DebateSummary).id;
    }
  };
}

const line = (event: AGUIEvent): string => `data: ${JSON.stringify(event)}\n\n`;
