import { expect, test } from '@jest/globals';
import { features } from '@parley/gateway/features/features.ts';
import { routeTools } from '@parley/gateway/protocols/mcp/route-tools.ts';
import { type RouteParts, routesOf } from '@parley/gateway/routes.ts';
import { createParley } from '@parley/sdk';
import { httpBackend } from './http-backend.ts';

const debate = '0197c8a0-0000-7000-8000-000000000001';
const replay = '0197c8a0-0000-7000-8000-000000000002';

/** Calls a tool on a gateway that gives these answers. @returns what it was asked, and the answer of the tool */
async function called(name: string, asked: object, ...answers: readonly object[]) {
  const requests: string[] = [];
  const left = [...answers];
  const parley = createParley({
    url: 'http://gateway.test',
    async fetch(url, { method, body } = {}) {
      requests.push([method, new URL(String(url)).href.replace('http://gateway.test', ''), body].join(' ').trim());
      // An event stream of which nothing is left has 204.
      return String(url).includes('/events') ? new Response(null, { status: 204 }) : Response.json(left.shift());
    },
  });
  const tools = routeTools(routesOf({} as RouteParts), features)(httpBackend(parley));
  const tool = tools.find((one) => one.name === name);
  const call = { signal: new AbortController().signal, report: async () => {} };
  return { requests, answer: await tool?.run(tool.input.parse(asked), call) };
}

test('a tool asks for its route by method, path and query', async () => {
  const page = { debates: [], next: null };
  const { requests, answer } = await called('list_debates', { limit: 2, status: 'closed,failed' }, page);
  expect(requests).toEqual(['GET /v1/debates?limit=2&status=closed%2Cfailed']);
  expect(answer).toEqual(page);
});

test('a tool sends what its route takes as the body, and no more', async () => {
  const { requests } = await called('start_debate', { topic: 'Tea', wait: false }, { id: debate });
  expect(requests).toEqual(['POST /v1/debates {"topic":"Tea"}']);
});

test('a tool that waits follows the stream of its answer and reads the view at the end', async () => {
  const finished = { id: replay, debate, status: 'finished' };
  const asked = { id: debate.toUpperCase(), rules: { judge: { panel: 3 } } };
  const { requests, answer } = await called(
    'replay_debate',
    asked,
    { id: replay, debate, status: 'accepted' },
    finished,
  );
  expect(requests).toEqual([
    `POST /v1/debates/${debate}/replays {"judge":{"panel":3}}`,
    `GET /v1/replays/${replay}/events?after=0`,
    `GET /v1/debates/${debate}/replays/${replay}`,
  ]);
  expect(answer).toEqual(finished);
});

test('a tool that could wait asks once for what is over', async () => {
  const { requests } = await called('get_debate', { id: debate, wait: true }, { id: debate, status: 'parked' });
  expect(requests).toEqual([`GET /v1/debates/${debate}`]);
});
