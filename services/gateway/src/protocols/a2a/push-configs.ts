import type { TaskPushNotificationConfig } from '@a2a-js/sdk';
import { PushNotificationNotSupportedError } from '@a2a-js/sdk/errors';
import type { A2ARequestHandler } from '@a2a-js/sdk/server';
import { isEnded, ParleyError } from '@parley/contracts';
import { BadRequest, newId, parse } from '@parley/runtime';
import type { Database } from '@parley/spine';
import { z } from 'zod';
import { actFor, onBehalfOf } from '../../access/tenant.ts';
import type { CheckAddress } from '../../out/allowed-origin.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import { UnsupportedOperationError } from './errors.ts';
import type { PushConfig, PushConfigStore } from './push-config-store.ts';
import { userOf } from './user.ts';

/** Without it this gateway may ask nobody, and says so in its card. */
export interface PushDeps {
  readonly db: Database;
  readonly configs: PushConfigStore;
  readonly check: CheckAddress;
  /** There may be something to tell. */
  wake(): void;
}

const most = 10;
/** What may stand in a header. Source: RFC 9110 §5.5, §11.1 (token), §11.4. */
const value = z
  .string()
  .max(4_096)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'printable ASCII');
const configBody = z.object({
  id: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/, 'printable ASCII without spaces'),
  url: z.string().max(2_048),
  token: value.nullable(),
  scheme: z
    .string()
    .max(100)
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a name of an authentication scheme')
    .nullable(),
  credentials: value.nullable(),
});

export type PushMethods = Pick<
  A2ARequestHandler,
  | 'createTaskPushNotificationConfig'
  | 'getTaskPushNotificationConfig'
  | 'listTaskPushNotificationConfigs'
  | 'deleteTaskPushNotificationConfig'
>;
type Ready = z.infer<typeof configBody>;

/** Who is told of a task by requests of ours. Credentials are taken and never shown. Source: A2A 1.0 §3.1.7 to §3.1.10. */
export function createPushConfigs(agent: AgentPort, push: PushDeps | undefined) {
  /** @throws BadRequest for what cannot be sent, or not there */
  function ready({ id, url, token, authentication }: TaskPushNotificationConfig): Ready {
    const { scheme, credentials } = authentication ?? {};
    const given = { id, url, token: token || null, scheme: scheme || null, credentials: credentials || null };
    const config = parse(configBody, given, 'body');
    const allowed = supported(push).check(url);
    if (!allowed.ok) throw new BadRequest('body', [{ field: 'url', message: allowed.reason }]);
    return config;
  }

  /** @param after the last event that need not be told */
  async function put(tenant: string, task: string, asked: Ready, after: number): Promise<PushConfig> {
    const { db, configs, wake } = supported(push);
    const config = { ...asked, agent: agent.name, task };
    await db.transaction(async (tx) => {
      await actFor(tx, tenant);
      const others = (await configs.of(tx, tenant, task)).filter(({ id }) => id !== config.id);
      if (others.length >= most) {
        throw new BadRequest('body', [
          { field: 'taskId', message: `has ${most} configurations, the most there may be` },
        ]);
      }
      await configs.put(tx, tenant, config, after);
    });
    wake();
    return config;
  }

  async function of(tenant: string, id: string): Promise<PushConfig[]> {
    const { db, configs } = supported(push);
    return configs.of(onBehalfOf(db, tenant), tenant, await agent.existing(tenant, id));
  }

  const methods: PushMethods = {
    async createTaskPushNotificationConfig(asked, context) {
      const config = ready({ ...asked, id: asked.id || newId() });
      const { tenant } = userOf(context).requestContext;
      const { id: taskId, status, sequence } = await agent.view(tenant, asked.taskId);
      if (isEnded(status))
        throw new UnsupportedOperationError(`Task ${taskId} is over: there is nothing left to tell.`);
      return shown(await put(tenant, taskId, config, sequence));
    },
    async getTaskPushNotificationConfig({ taskId, id }, context) {
      const found = (await of(userOf(context).requestContext.tenant, taskId)).find((one) => one.id === id);
      if (found === undefined) throw missing(taskId, id);
      return shown(found);
    },
    async listTaskPushNotificationConfigs({ taskId }, context) {
      const found = await of(userOf(context).requestContext.tenant, taskId);
      return { configs: found.map(shown), nextPageToken: '' };
    },
    async deleteTaskPushNotificationConfig({ taskId, id }, context) {
      const { db, configs } = supported(push);
      const { tenant } = userOf(context).requestContext;
      await configs.remove(onBehalfOf(db, tenant), tenant, await agent.existing(tenant, taskId), id);
    },
  };
  return {
    methods,
    /**
     * Looks at a configuration that comes with a message, before anything is done for that. What it gives takes the
     * configuration in; of the same message again it is the same one.
     */
    withMessage(asked: TaskPushNotificationConfig | undefined) {
      if (asked === undefined) return async () => {};
      const config = ready({ ...asked, id: asked.id || 'message' });
      return async (tenant: string, task: string, after: number): Promise<void> => {
        await put(tenant, task, config, after);
      };
    },
  };
}

function supported(push: PushDeps | undefined): PushDeps {
  if (push === undefined) throw new PushNotificationNotSupportedError();
  return push;
}

const missing = (taskId: string, id: string): ParleyError =>
  new ParleyError('NOT_FOUND', `Task ${taskId} has no push notification configuration ${id}.`);

function shown({ id, task, url, scheme }: PushConfig): TaskPushNotificationConfig {
  const authentication = scheme === null ? undefined : { scheme, credentials: '' };
  return { tenant: '', id, taskId: task, url, token: '', authentication };
}
