import { onlyMethods } from '@parley/runtime';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { requestContextOf } from '../../api/request-context.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import { leavingOf, sendTexts } from '../../streams/text-stream.ts';
import { idOf, internalError, invalidRequest, isJsonRpc } from '../json-rpc.ts';
import type { CardOptions } from './cards.ts';
import type { A2aRoutesDeps } from './handler.ts';
import { isPlatform, pathOf, restPathOf } from './paths.ts';
import { loadRest } from './rest.ts';
import type { A2aUser } from './user.ts';

const cardPath = '/.well-known/agent-card.json';

/** Agent cards, which anybody may read: they say what there is and how to prove who one is. */
export function cardRoutes(agents: readonly AgentPort[], options: CardOptions): Router {
  const router = Router();
  for (const agent of agents) {
    const path = isPlatform(agent, agents) ? cardPath : `${pathOf(agent, agents)}${cardPath}`;
    router.get(path, async (request, response) => {
      const [{ AgentCard }, { cardOf }] = await Promise.all([import('@a2a-js/sdk'), import('./cards.ts')]);
      response.json(AgentCard.toJSON(cardOf(agent, agents, originOf(request), options)));
    });
    router.all(path, onlyMethods('GET'));
  }
  return router;
}

/** The Agent2Agent protocol 1.0 over JSON-RPC and over HTTP+JSON: each agent under a path of its own. */
export function a2aRoutes(deps: A2aRoutesDeps): Router {
  const router = Router();
  const { agents } = deps;
  for (const agent of agents) {
    let loaded: Promise<RequestHandler> | undefined;
    const path = pathOf(agent, agents);
    router.post(path, async (request, response, next) => {
      loaded ??= load(deps, agent);
      await (await loaded)(request, response, next);
    });
    router.all(path, onlyMethods('POST'));
    let rest: Promise<RequestHandler> | undefined;
    router.use(restPathOf(agent, agents), async (request, response, next) => {
      rest ??= loadRest(deps, agent);
      await (await rest)(request, response, next);
    });
  }
  return router;
}

async function load(deps: A2aRoutesDeps, agent: AgentPort): Promise<RequestHandler> {
  const [sdk, { createA2aHandler }, { cardOf }, { isReadable }, { RequestMalformedError }] = await Promise.all([
    import('@a2a-js/sdk/server'),
    import('./handler.ts'),
    import('./cards.ts'),
    import('./message.ts'),
    import('./errors.ts'),
  ]);
  const { JsonRpcTransportHandler, ServerCallContext, validateVersion } = sdk;
  const card = cardOf(agent, deps.agents, '', { isGuarded: false, hasPush: deps.push !== undefined });
  const transport = new JsonRpcTransportHandler(createA2aHandler(deps, agent, card));
  return async (request, response) => {
    const requestContext = requestContextOf(request, response);
    const user: A2aUser = {
      isAuthenticated: true,
      userName: requestContext.tenant,
      requestContext,
      left: leavingOf(response),
    };
    const context = new ServerCallContext({ user, requestedVersion: request.get('A2A-Version') ?? '0.3' });
    const failed = (thrown: unknown) => ({
      jsonrpc: '2.0',
      id: idOf(request.body),
      error: JsonRpcTransportHandler.mapToJSONRPCError(thrown),
    });
    if (!isJsonRpc(request.body)) {
      response.json({ jsonrpc: '2.0', id: idOf(request.body), error: invalidRequest });
      return;
    }
    try {
      validateVersion(context.requestedVersion, card, 'JSONRPC');
      const { method, params } = request.body;
      if (/^Send(Streaming)?Message$/.test(method) && !isReadable(params)) {
        throw new RequestMalformedError('The message has a field of another type than the protocol has.');
      }
      const answer = await transport.handle(request.body, context);
      if (!(Symbol.asyncIterator in answer)) {
        respond(response, answer);
        return;
      }
      // Until the first of them is there, the fault of a stream is an answer of its own.
      const first = await answer.next();
      await sendTexts(response, lines(first, answer, failed), deps.heartbeatMs);
    } catch (thrown) {
      if (response.headersSent) throw thrown;
      respond(response, failed(thrown));
    }
  };
}

interface RpcAnswer {
  readonly error?: unknown;
}

/** What is the server's fault is one of HTTP as well, so that whoever counts those sees it. */
function respond(response: Response, answer: RpcAnswer): void {
  const { code, data } = (answer.error ?? {}) as {
    code?: number;
    data?: { metadata?: { retryAfterSeconds?: string } }[];
  };
  const retryAfter = data?.[0]?.metadata?.retryAfterSeconds;
  if (code === internalError) response.status(retryAfter === undefined ? 500 : 503);
  if (code === internalError && retryAfter !== undefined) response.set('Retry-After', retryAfter);
  response.json(answer);
}

async function* lines(
  first: IteratorResult<unknown>,
  rest: AsyncGenerator<unknown>,
  failed: (thrown: unknown) => unknown,
): AsyncGenerator<string> {
  try {
    for (let one = first; one.done !== true; one = await rest.next()) yield `data: ${JSON.stringify(one.value)}\n\n`;
  } catch (thrown) {
    yield `event: error\ndata: ${JSON.stringify(failed(thrown))}\n\n`;
  } finally {
    await rest.return(undefined);
  }
}

/** As the caller sees it: behind a proxy, if it is one of those that are trusted. */
function originOf(request: Request): string {
  return `${request.protocol}://${request.host ?? 'localhost'}`;
}
