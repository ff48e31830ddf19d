import { type DebateBackend, debateTools } from '../../features/debates/debate-tools.ts';
import { type ReplayBackend, replayTools } from '../../features/replays/replay-tools.ts';
import { type SloBackend, sloTools } from '../../operating/slo-tools.ts';
import type { AnyTool } from '../../streams/tool.ts';

/** What the tools work on: the gateway's own functions, or a client of a gateway. */
export type McpBackend = DebateBackend & ReplayBackend & SloBackend;

/** The tools that features and operating say, in the order that clients see. */
export function toolsOf(backend: McpBackend): readonly AnyTool[] {
  return [...debateTools(backend), ...replayTools(backend), ...sloTools(backend)];
}

let reading: ReadonlySet<string> | undefined;

/** Names of the tools that change nothing. */
export function readingTools(): ReadonlySet<string> {
  // Tools say what they are without what they work on: none is called here.
  reading ??= new Set(
    toolsOf({} as McpBackend).flatMap(({ name, annotations }) => (annotations.readOnlyHint ? name : [])),
  );
  return reading;
}
