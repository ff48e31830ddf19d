import type { StreamKind } from '@parley/contracts';
import type { AnsweringRoute } from '../../api/route.ts';
import type { Followed } from '../../streams/pull.ts';
import type { AskedByTool, Fields } from './tool-schemas.ts';

/** What tools work on: the gateway itself, or a client of one. */
export interface ToolBackend {
  call(route: AnsweringRoute, asked: AskedByTool): Promise<Fields>;
  /** Events of a stream from the first to the last, and deltas in between. */
  follow(kind: StreamKind, id: string, signal: AbortSignal): AsyncIterable<Followed>;
}
