import type { AgentCard, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk';
import { TaskState } from '@a2a-js/sdk';
import { ExtendedAgentCardNotConfiguredError } from '@a2a-js/sdk/errors';
import type { A2ARequestHandler as A2aHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { type DebateSummary, isParleyError, pageQuery } from '@parley/contracts';
import { type Logger, parse } from '@parley/runtime';
import { type AgentName, agents } from '../../domain/agents.ts';
import type { Debates } from '../../features/debates/debates.ts';
import { a2aError, TaskNotCancelableError, UnsupportedOperationError } from './errors.ts';
import { debateOf, idempotentContext, noteOf } from './message.ts';
import { createPieces } from './pieces.ts';
import { createPushConfigs, type PushDeps } from './push-configs.ts';
import { statusesOf, taskOf, updateOf } from './tasks.ts';
import { type A2aUser, over, userOf } from './user.ts';

export interface A2aDeps {
  readonly debates: Debates;
  readonly logger: Logger;
  readonly push?: PushDeps | undefined;
}

/** What the bindings need beyond the handler. */
export interface A2aRoutesDeps extends A2aDeps {
  readonly heartbeatMs?: number | undefined;
}

/** How long an answer to a cancellation waits for the moderator; the debate is cancelled either way. */
const cancelMs = 5_000;

/** Debates as tasks: nothing is kept here, so any replica takes any request. */
export function createA2aHandler({ debates, logger, push }: A2aDeps, agent: AgentName, card: AgentCard): A2aHandler {
  const { side } = agents[agent];
  const pushConfigs = createPushConfigs(debates, agent, push);
  const view = async ({ requestContext }: A2aUser, id: string, historyLength?: number): Promise<Task> =>
    taskOf(await debates.view(requestContext.tenant, id), side, historyLength);

  /** @returns the id of a debate that was started, or that was told what the message says */
  async function send({ requestContext }: A2aUser, request: SendMessageRequest): Promise<string> {
    const same = idempotentContext(requestContext, agent, request);
    const register = pushConfigs.withMessage(request.configuration?.taskPushNotificationConfig);
    const { taskId = '' } = request.message ?? {};
    if (taskId === '') {
      const { id } = (await debates.start(same, debateOf(request, agent))).response as DebateSummary;
      await register(requestContext.tenant, id, 0);
      return id;
    }
    await debates.control(same, taskId, 'notes', noteOf(request));
    const { id, lastSequence } = await debates.view(requestContext.tenant, taskId);
    await register(requestContext.tenant, id, lastSequence);
    return id;
  }

  async function* updates(
    { requestContext, left }: A2aUser,
    id: string,
    after: number,
  ): AsyncGenerator<StreamResponse> {
    const pieces = createPieces(id, side);
    for await (const one of debates.follow(requestContext.tenant, id, after, left)) {
      if (one.kind === 'event') {
        pieces.passed(one.event);
        yield updateOf(id, one.event, side);
        continue;
      }
      const piece = pieces.of(one.delta);
      if (piece !== undefined) yield piece;
    }
  }

  async function* snapshotThenUpdates(
    user: A2aUser,
    id: string,
    historyLength?: number,
  ): AsyncGenerator<StreamResponse> {
    const task = await view(user, id, historyLength);
    yield { payload: { $case: 'task', value: task } };
    yield* updates(user, id, task.metadata?.sequence ?? 0);
  }

  async function ended(user: A2aUser, id: string, signal: AbortSignal, historyLength?: number): Promise<Task> {
    for await (const _ of debates.follow(user.requestContext.tenant, id, 0, signal));
    return view(user, id, historyLength);
  }

  const handler: A2aHandler = {
    getAgentCard: async () => card,
    getAuthenticatedExtendedAgentCard: async () => {
      throw new ExtendedAgentCardNotConfiguredError();
    },
    async sendMessage(request, context) {
      const user = userOf(context);
      const id = await send(user, request);
      const { returnImmediately, historyLength } = request.configuration ?? {};
      return returnImmediately === true ? view(user, id, historyLength) : ended(user, id, user.left, historyLength);
    },
    async *sendMessageStream(request, context) {
      const user = userOf(context);
      yield* snapshotThenUpdates(user, await send(user, request), request.configuration?.historyLength);
    },
    getTask: ({ id, historyLength }, context) => view(userOf(context), id, historyLength),
    async *resubscribe({ id }, context) {
      const user = userOf(context);
      const { status } = await debates.view(user.requestContext.tenant, id);
      if (over.has(status)) throw new UnsupportedOperationError(`Task ${id} is over: tasks/get has all of it.`);
      yield* snapshotThenUpdates(user, id);
    },
    async cancelTask({ id }, context) {
      const user = userOf(context);
      await debates.control(user.requestContext, id, 'cancel', {}).catch((thrown: unknown) => {
        const isOver = isParleyError(thrown) && thrown.code === 'ALREADY_CLOSED';
        throw isOver ? new TaskNotCancelableError(thrown.message) : thrown;
      });
      return ended(user, id, AbortSignal.any([user.left, AbortSignal.timeout(cancelMs)]));
    },
    async listTasks({ contextId, status, pageSize, pageToken, includeArtifacts, historyLength }, context) {
      const user = userOf(context);
      const { tenant } = user.requestContext;
      const asked = { ...(pageSize ? { limit: pageSize } : {}), ...(pageToken ? { cursor: pageToken } : {}) };
      const query = parse(pageQuery, asked, 'query');
      const wanted = status === TaskState.TASK_STATE_UNSPECIFIED ? undefined : statusesOf(status);
      if (contextId !== '') {
        const task = await view(user, contextId, historyLength);
        const tasks = wanted === undefined || task.status?.state === status ? [task] : [];
        return { tasks, nextPageToken: '', pageSize: tasks.length, totalSize: tasks.length };
      }
      const page = await debates.page(tenant, query, wanted);
      const tasks = await Promise.all(
        page.debates.map((debate) =>
          includeArtifacts === true ? view(user, debate.id, historyLength) : taskOf(debate, side, historyLength),
        ),
      );
      const totalSize = await debates.count(tenant, wanted);
      return { tasks, nextPageToken: page.next ?? '', pageSize: tasks.length, totalSize };
    },
    ...pushConfigs.methods,
  };
  return guarded(handler, logger);
}

/** Whatever a function throws becomes an error of the protocol. */
function guarded(handler: A2aHandler, logger: Logger): A2aHandler {
  const told = (thrown: unknown, context: ServerCallContext | undefined) =>
    a2aError(thrown, (context?.user as A2aUser | undefined)?.requestContext.traceparent ?? '', logger);
  const entries = Object.entries(handler).map(([name, run]) => [
    name,
    (params: never, context: never) => {
      const made: unknown = (run as (params: never, context: never) => unknown)(params, context);
      if (made instanceof Promise) return made.catch((thrown: unknown) => Promise.reject(told(thrown, context)));
      return rethrown(made as AsyncGenerator, (thrown) => told(thrown, context));
    },
  ]);
  return Object.fromEntries(entries) as A2aHandler;
}

async function* rethrown<T>(source: AsyncGenerator<T>, told: (thrown: unknown) => unknown): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (thrown) {
    throw told(thrown);
  }
}
