import { type StreamKind, streamPage, streamQuery, streamsQuery } from '@parley/contracts';
import { z } from 'zod';
import { faults, json, problem, unknown } from '../api/openapi-answers.ts';
import type { Operation } from '../api/openapi-builder.ts';

const params = z.object({ id: z.uuid() });
const resumeHeader = z.object({ 'Last-Event-ID': z.string().optional() });

/** How the log of a kind is followed. */
function eventOperations({ name, path }: StreamKind): Operation[] {
  const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [
    {
      method: 'get',
      path: `/v1/${path}/{id}/events`,
      id: `follow${Name}`,
      summary: 'Server-sent events: durable ones with `id` 1..n without gaps, deltas without; ends after the last.',
      params,
      query: streamQuery,
      headers: resumeHeader,
      responses: {
        200: { description: 'The stream.', content: { 'text/event-stream': { schema: z.string() } } },
        204: { description: `The ${name} is over and its last event is known to the client.` },
        ...unknown(name),
        ...faults,
      },
    },
    {
      method: 'get',
      path: `/v1/${path}/{id}/ws`,
      id: `open${Name}Socket`,
      summary:
        'The same events as JSON messages of a WebSocket: durable ones with `seq`, deltas as `{type: "delta", data}`.',
      params,
      query: streamQuery,
      headers: resumeHeader,
      responses: {
        101: { description: 'Closed with 1000 after the last event, 4008 for a client that takes nothing.' },
        ...unknown(name),
        426: problem('The request asks for no WebSocket.'),
        ...faults,
      },
    },
  ];
}

/** Operations that every kind of stream has, for these kinds. */
export function streamOperations(kinds: readonly StreamKind[]): Operation[] {
  return [
    {
      method: 'get',
      path: '/v1/streams',
      id: 'listStreams',
      summary: 'Streams of every kind, newest first: debates, replays and what else runs here.',
      query: streamsQuery,
      responses: { 200: json(streamPage, 'One page.'), ...faults },
    },
    ...kinds.flatMap(eventOperations),
  ];
}
