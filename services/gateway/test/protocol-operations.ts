import { features } from '../src/features/features.ts';
import { type RouteParts, routesOf } from '../src/routes.ts';
import type { AgentPort } from '../src/streams/agent-port.ts';
import type { Schema } from './fuzz-values.ts';

/** One way to ask by a protocol that openapi.json leaves to the protocol's own description. */
export interface ProtocolOperation {
  /** As the router has it; below /a2a/v1 as the binding of the protocol has it. */
  readonly route: string;
  /** What distinguishes it from others of the route. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form: 'openai' | 'json-rpc' | 'rest' | 'problem';
  /** Of a POST; with `{id}` in the route, of the path too. */
  body?(ids: Schema, tool: Schema): Schema;
}

const text: Schema = { type: 'string', minLength: 1, maxLength: 60 };
const any: Schema = {};
const flag: Schema = { type: 'boolean' };
const object = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  required,
});
const array = (items: Schema): Schema => ({ type: 'array', items, maxItems: 3 });
const one = (...values: unknown[]): Schema => ({ enum: values });

const settings = object({ maxRounds: { type: 'integer', minimum: 2, maximum: 36 } });
const chat = object(
  {
    model: one('debate', 'debater-a', 'debater-b', 'gpt-4'),
    messages: array(object({ role: one('user', 'system', 'tool'), content: text }, ['role', 'content'])),
    stream: flag,
    stream_options: object({ include_usage: flag }),
    n: one(1, 2),
    parley: settings,
  },
  ['model', 'messages'],
);
const run = object(
  {
    threadId: text,
    runId: text,
    messages: array(object({ id: text, role: one('user', 'assistant'), content: text }, ['id', 'role', 'content'])),
    tools: array(any),
    context: array(any),
    state: any,
    forwardedProps: object({ after: { type: 'integer', minimum: 0, maximum: 9 }, parley: settings }),
  },
  ['threadId', 'runId', 'messages', 'tools', 'context'],
);

const rpc = (method: string, params: Schema): Schema =>
  object({ jsonrpc: one('2.0'), id: { type: 'integer' }, method: one(method), params }, [
    'jsonrpc',
    'id',
    'method',
    'params',
  ]);
const config = object({
  id: text,
  url: one('http://127.0.0.1:9/hook', 'https://example.org/'),
  token: text,
  authentication: object({ scheme: one('Bearer', 'Basic'), credentials: text }),
});
const messageOf = (ids: Schema): Schema =>
  object(
    {
      message: object(
        {
          messageId: text,
          role: one('ROLE_USER'),
          parts: array(object({ text, data: any, raw: any, mediaType: text })),
          taskId: ids,
          contextId: ids,
          metadata: object({ parley: settings }),
        },
        ['messageId', 'role', 'parts'],
      ),
      configuration: object({ returnImmediately: flag, historyLength: any, taskPushNotificationConfig: config }),
      metadata: object({ parley: settings }),
    },
    ['message'],
  );
const page = { pageSize: { type: 'integer', minimum: 0, maximum: 200 } as Schema, pageToken: text };
const methods: Readonly<Record<string, (ids: Schema) => Schema>> = {
  SendMessage: messageOf,
  SendStreamingMessage: messageOf,
  GetTask: (id) => object({ id, historyLength: any }, ['id']),
  ListTasks: (contextId) =>
    object({ contextId, status: one('TASK_STATE_WORKING', 'TASK_STATE_COMPLETED'), includeArtifacts: flag, ...page }),
  CancelTask: (id) => object({ id, metadata: any }, ['id']),
  SubscribeToTask: (id) => object({ id }, ['id']),
  CreateTaskPushNotificationConfig: (taskId) => object({ ...config.properties, taskId }, ['taskId', 'url']),
  GetTaskPushNotificationConfig: (taskId) => object({ taskId, id: text }, ['taskId', 'id']),
  ListTaskPushNotificationConfigs: (taskId) => object({ taskId, ...page }, ['taskId']),
  DeleteTaskPushNotificationConfig: (taskId) => object({ taskId, id: text }, ['taskId', 'id']),
  GetExtendedAgentCard: () => object({}),
};

const a2a = { 'a2a-version': '1.0' };
const mcp = { accept: 'application/json, text/event-stream' };
const rest = (route: string, body?: ProtocolOperation['body']): ProtocolOperation => ({
  route,
  name: '',
  headers: a2a,
  form: 'rest',
  ...(body === undefined ? {} : { body }),
});

/** Every agent beside the platform itself; of none more is asked than its name. */
const [, ...agents] = features.flatMap((feature): readonly AgentPort[] => feature.agents?.({}) ?? []);

/** The tools of MCP are called by the schemas that the server itself gives out. */
export const tools: readonly string[] = [
  ...routesOf({} as RouteParts).flatMap((route) => ('tool' in route ? (route.tool?.name ?? []) : [])),
  ...agents.flatMap(({ name, hasTools }) => (hasTools === true ? [] : `ask_${name}`)),
];

export const protocolOperations: readonly ProtocolOperation[] = [
  { route: 'GET /v1/models', name: '', form: 'openai' },
  { route: 'GET /v1/models/{id}', name: '', form: 'openai' },
  { route: 'POST /v1/chat/completions', name: '', form: 'openai', body: () => chat },
  {
    route: 'POST /ag-ui',
    name: '',
    form: 'problem',
    body: (ids) => ({ anyOf: [run, object({ ...run.properties, threadId: ids }, ['threadId'])] }),
  },
  { route: 'GET /.well-known/agent-card.json', name: '', form: 'problem' },
  ...agents.map(
    ({ name }): ProtocolOperation => ({
      route: `GET /a2a/${name}/.well-known/agent-card.json`,
      name: '',
      form: 'problem',
    }),
  ),
  ...Object.entries(methods).map(
    ([name, params]): ProtocolOperation => ({
      route: 'POST /a2a',
      name,
      headers: a2a,
      form: 'json-rpc',
      body: (ids) => rpc(name, params(ids)),
    }),
  ),
  ...agents.map(
    ({ name }): ProtocolOperation => ({
      route: `POST /a2a/${name}`,
      name: 'SendMessage',
      headers: a2a,
      form: 'json-rpc',
      body: (ids) => rpc('SendMessage', messageOf(ids)),
    }),
  ),
  ...tools.map(
    (name): ProtocolOperation => ({
      route: 'POST /mcp',
      name,
      headers: mcp,
      form: 'json-rpc',
      body: (_, tool) => rpc('tools/call', object({ name: one(name), arguments: tool }, ['name', 'arguments'])),
    }),
  ),
  rest('POST /a2a/v1/message:send', messageOf),
  rest('POST /a2a/debater-a/v1/message:stream', messageOf),
  rest('GET /a2a/v1/tasks'),
  rest('GET /a2a/v1/tasks/{id}'),
  rest('GET /a2a/v1/tasks/{id}:subscribe'),
  rest('POST /a2a/v1/tasks/{id}:cancel', () => object({})),
  rest('POST /a2a/v1/tasks/{id}/pushNotificationConfigs', () => config),
  rest('GET /a2a/v1/tasks/{id}/pushNotificationConfigs'),
  rest('GET /a2a/v1/tasks/{id}/pushNotificationConfigs/{config}'),
  rest('DELETE /a2a/v1/tasks/{id}/pushNotificationConfigs/{config}'),
  rest('GET /a2a/v1/extendedAgentCard'),
];
