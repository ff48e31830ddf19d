import { expect, test } from '@jest/globals';
import { neededScope } from './needed-scope.ts';

const tool = (name: unknown) => ({ method: 'tools/call', params: { name } });

test.each([
  ['GET', '/v1/models', undefined, 'read'],
  ['HEAD', '/v1/models', undefined, 'read'],
  ['POST', '/v1/chat/completions', { model: 'debate' }, 'write'],
  ['POST', '/ag-ui', {}, 'write'],
  ['POST', '/mcp', { method: 'tools/list' }, 'read'],
  ['POST', '/mcp', { method: 'initialize' }, 'read'],
  ['POST', '/mcp', tool('get_debate'), 'read'],
  ['POST', '/mcp', tool('start_debate'), 'write'],
  ['POST', '/mcp', tool('replay_debate'), 'write'],
  ['POST', '/mcp', tool('nothing'), 'write'],
  ['POST', '/mcp', tool(undefined), 'write'],
  ['POST', '/mcp', [{ method: 'tools/list' }], 'write'],
  ['POST', '/mcp', undefined, 'write'],
  ['POST', '/a2a', { method: 'GetTask' }, 'read'],
  ['POST', '/a2a/debater-a', { method: 'SubscribeToTask' }, 'read'],
  ['POST', '/a2a', { method: 'SendMessage' }, 'write'],
  ['POST', '/a2a', { method: 'CancelTask' }, 'write'],
  ['POST', '/a2a', { method: 'CreateTaskPushNotificationConfig' }, 'write'],
  ['POST', '/a2a', undefined, 'write'],
  ['POST', '/a2a', { method: 'gettask' }, 'write'],
  ['GET', '/a2a/v1/tasks/1', undefined, 'read'],
  ['POST', '/a2a/v1/tasks/1:subscribe', {}, 'read'],
  ['POST', '/a2a/v1/tasks/1:cancel', {}, 'write'],
  ['POST', '/a2a/v1/message:send', {}, 'write'],
  ['DELETE', '/a2a/v1/tasks/1/pushNotificationConfigs/2', undefined, 'write'],
] as const)('%s %s with %j needs %s', (method, path, body, scope) => {
  expect(neededScope({ method, path, body })).toBe(scope);
});
