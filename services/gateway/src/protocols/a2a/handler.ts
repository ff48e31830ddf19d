import type { AgentCard, SendMessageRequest, StreamResponse, Task } from '@a2a-js/sdk';
import { TaskState } from '@a2a-js/sdk';
import { ExtendedAgentCardNotConfiguredError } from '@a2a-js/sdk/errors';
import type { A2ARequestHandler as A2aHandler, ServerCallContext } from '@a2a-js/sdk/server';
import { isEnded, isParleyError } from '@parley/contracts';
import { streamsQuery } from '@parley/contracts/http';
import { type Logger, parse } from '@parley/runtime';
import { type AgentPort, isWaitingAt, tell } from '../../streams/agent-port.ts';
import { a2aError, TaskNotCancelableError, UnsupportedOperationError } from './errors.ts';
import { askedOf, idempotentContext, wordsOf } from './message.ts';
import { createPieces } from './pieces.ts';
import { createPushConfigs, type PushDeps } from './push-configs.ts';
import { statusesOf, taskOf, updateOf } from './tasks.ts';
import { type A2aUser, userOf } from './user.ts';

export interface A2aDeps {
  readonly logger: Logger;
  readonly push?: PushDeps | undefined;
}

/** What the bindings need beyond the handler. */
export interface A2aRoutesDeps extends A2aDeps {
  readonly agents: readonly AgentPort[];
  readonly heartbeatMs?: number | undefined;
}

/** Work that a message was for, and its last event before the message. */
interface Sent {
  readonly id: string;
  readonly after: number;
}

/** How long an answer to a cancellation waits for the work to end; it is cancelled either way. */
const cancelMs = 5_000;

const pageQuery = streamsQuery.pick({ limit: true, cursor: true });

/** Work as tasks: nothing is kept here, so any replica takes any request. */
export function createA2aHandler({ logger, push }: A2aDeps, agent: AgentPort, card: AgentCard): A2aHandler {
  const pushConfigs = createPushConfigs(agent, push);
  const view = async ({ requestContext }: A2aUser, id: string, historyLength?: number): Promise<Task> =>
    taskOf(await agent.view(requestContext.tenant, id), historyLength);

  /** @returns the work that was started, or that was told what the message says, and its last event before that */
  async function send({ requestContext }: A2aUser, request: SendMessageRequest): Promise<Sent> {
    const same = idempotentContext(requestContext, agent, request);
    const register = pushConfigs.withMessage(request.configuration?.taskPushNotificationConfig);
    const { taskId = '' } = request.message ?? {};
    if (taskId === '') {
      const { id } = await agent.start(same, askedOf(request));
      await register(requestContext.tenant, id, 0);
      return { id, after: 0 };
    }
    const { id, sequence: after } = await tell(agent, same, taskId, wordsOf(request));
    await register(requestContext.tenant, id, after);
    return { id, after };
  }

  async function* updates(
    { requestContext, left }: A2aUser,
    id: string,
    after: number,
  ): AsyncGenerator<StreamResponse> {
    const pieces = createPieces(agent, id);
    for await (const one of agent.follow(requestContext.tenant, id, after, left)) {
      if (one.kind === 'event') {
        pieces.passed(one.event);
        yield updateOf(agent, id, one.event);
        if (await isWaitingAt(agent, requestContext.tenant, id, one.event)) return;
        continue;
      }
      const piece = pieces.of(one.delta);
      if (piece !== undefined) yield piece;
    }
  }

  async function* snapshotThenUpdates(
    user: A2aUser,
    { id, after }: Sent,
    historyLength?: number,
  ): AsyncGenerator<StreamResponse> {
    const task = await view(user, id, historyLength);
    yield { payload: { $case: 'task', value: task } };
    if (task.status?.state === TaskState.TASK_STATE_INPUT_REQUIRED && Number(task.metadata?.sequence) > after) return;
    yield* updates(user, id, task.metadata?.sequence ?? 0);
  }

  /** The task when it has ended, or asks something after the event `after`. Source: A2A 1.0 §3.2.2 */
  async function settled(user: A2aUser, { id, after }: Sent, signal: AbortSignal, historyLength?: number) {
    const { tenant } = user.requestContext;
    for await (const one of agent.follow(tenant, id, after, signal)) {
      if (one.kind === 'event' && (await isWaitingAt(agent, tenant, id, one.event))) break;
    }
    return view(user, id, historyLength);
  }

  const handler: A2aHandler = {
    getAgentCard: async () => card,
    getAuthenticatedExtendedAgentCard: async () => {
      throw new ExtendedAgentCardNotConfiguredError();
    },
    async sendMessage(request, context) {
      const user = userOf(context);
      const sent = await send(user, request);
      const { returnImmediately, historyLength } = request.configuration ?? {};
      return returnImmediately === true
        ? view(user, sent.id, historyLength)
        : settled(user, sent, user.left, historyLength);
    },
    async *sendMessageStream(request, context) {
      const user = userOf(context);
      yield* snapshotThenUpdates(user, await send(user, request), request.configuration?.historyLength);
    },
    getTask: ({ id, historyLength }, context) => view(userOf(context), id, historyLength),
    async *resubscribe({ id }, context) {
      const user = userOf(context);
      const { status, sequence } = await agent.view(user.requestContext.tenant, id);
      if (isEnded(status)) throw new UnsupportedOperationError(`Task ${id} is over: tasks/get has all of it.`);
      yield* snapshotThenUpdates(user, { id, after: sequence });
    },
    async cancelTask({ id }, context) {
      const user = userOf(context);
      await agent.cancel(user.requestContext, id).catch((thrown: unknown) => {
        const isOver = isParleyError(thrown) && thrown.code === 'ALREADY_CLOSED';
        throw isOver ? new TaskNotCancelableError(thrown.message) : thrown;
      });
      const signal = AbortSignal.any([user.left, AbortSignal.timeout(cancelMs)]);
      for await (const _ of agent.follow(user.requestContext.tenant, id, 0, signal));
      return view(user, id);
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
      const page = await agent.list(tenant, { ...query, statuses: wanted });
      const tasks = await Promise.all(
        page.works.map((work) =>
          includeArtifacts === true ? view(user, work.id, historyLength) : taskOf(work, historyLength),
        ),
      );
      const totalSize = await agent.count(tenant, wanted);
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
