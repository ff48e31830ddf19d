import { expect, test } from '@jest/globals';
import type { Scope } from '@parley/contracts/http';
import { route } from '../api/route.ts';
import { createNeededScope } from './needed-scope.ts';

const planted = (name: string, needs: Scope) => {
  const said = { id: name, method: 'post', path: `/v1/${name}`, summary: 'Planted.', responses: {} } as const;
  return route({ ...said, needs, tool: { name, title: name, description: name }, handle: () => ({}) });
};
const neededScope = createNeededScope([planted('look', 'read'), planted('change', 'write'), planted('rule', 'admin')]);

const tool = (name: unknown) => ({ method: 'tools/call', params: { name } });

test.each([
  ['GET', '/v1/models', undefined, 'read'],
  ['HEAD', '/v1/models', undefined, 'read'],
  ['POST', '/v1/chat/completions', { model: 'debate' }, 'write'],
  ['POST', '/ag-ui', {}, 'write'],
  ['POST', '/mcp', { method: 'tools/list' }, 'read'],
  ['POST', '/mcp', { method: 'initialize' }, 'read'],
  ['POST', '/mcp', tool('look'), 'read'],
  ['POST', '/mcp', tool('change'), 'write'],
  ['POST', '/mcp', tool('rule'), 'admin'],
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
