import { isEnded } from '@parley/contracts';
import { parse } from '@parley/runtime/problem.ts';
import { z } from 'zod';
import type { AnsweringRoute, Route } from '../../api/route.ts';
import { type AnyFeature, featuresByKind } from '../../streams/feature.ts';
import { sharedWord } from '../../streams/status-words.ts';
import type { ToolBackend } from './backend.ts';
import type { AnyTool } from './tool.ts';
import { askedOf, type Fields, inputOf, outputOf, type ToolRoute } from './tool-schemas.ts';
import { settled, type Waiting } from './waiting.ts';

/** The SDK has parsed the input; what is left is text that JSON can carry and Postgres cannot. */
const storable = z.custom<Fields>();

/** The routes that are tools, in their order. @returns the tools on something to work on */
export function routeTools(
  routes: readonly Route[],
  features: readonly AnyFeature[],
): (backend: ToolBackend) => readonly AnyTool[] {
  const kinds = featuresByKind(features);
  const answering = routes.filter((route) => 'handle' in route);

  function waitingOf({ tool }: ToolRoute): Waiting | undefined {
    if (tool.stream === undefined) return undefined;
    const { kind, view } = tool.stream;
    const viewRoute = answering.find(({ id }) => id === view);
    const feature = kinds.get(kind.name);
    if (viewRoute !== undefined && feature !== undefined) return { ...tool.stream, viewRoute, feature };
    throw new Error(`The tool ${tool.name} waits for a ${kind.name} and answers ${view}; one of them is not there.`);
  }

  const made = answering.filter(isTool).map((route) => {
    const { name, title, description } = route.tool;
    const waiting = waitingOf(route);
    const input = inputOf(route);
    const form = { name, title, description, input, output: outputFor(route, waiting), annotations: hintsOf(route) };
    return (backend: ToolBackend): AnyTool => ({
      ...form,
      async run(given: Fields, call) {
        const asked = parse(storable, given, 'body');
        const answer = await backend.call(route, askedOf(route, asked));
        if (waiting === undefined || (waiting.wait !== undefined && asked.wait !== true)) return answer;
        const isThere = route === waiting.viewRoute && isEnded(sharedWord(waiting.kind, String(answer.status)));
        return isThere ? answer : settled(waiting, answer, backend, call);
      },
    });
  });
  return (backend) => made.map((make) => make(backend));
}

const isTool = (route: AnsweringRoute): route is ToolRoute => route.tool !== undefined;

function outputFor(route: ToolRoute, waiting: Waiting | undefined): z.ZodType {
  const atOnce = outputOf(route);
  const atTheEnd = waiting === undefined ? atOnce : outputOf(waiting.viewRoute);
  return waiting?.wait === undefined || atTheEnd === atOnce ? atTheEnd : z.union([atTheEnd, atOnce]);
}

function hintsOf({ needs, method }: ToolRoute): AnyTool['annotations'] {
  return needs === 'read' ? { readOnlyHint: true } : { readOnlyHint: false, destructiveHint: method === 'delete' };
}
