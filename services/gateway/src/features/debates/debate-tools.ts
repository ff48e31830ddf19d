import {
  type DebatePage,
  type DebateSummary,
  type DebateView,
  type DeltaV1,
  debatePage,
  debateSummary,
  debateView,
  type PageQuery,
  pageQuery,
  type StartDebateBody,
  startDebateBody,
} from '@parley/contracts/debate';
import { z } from 'zod';
import { presentedBy } from '../../streams/feature.ts';
import { createProgress } from '../../streams/progress.ts';
import { type AnyTool, defineTool, type ToolCall } from '../../streams/tool.ts';
import { pieceOfTurn, presentDebate } from './debate-presented.ts';

/** A debate's event, as every face gives it out. */
interface NumberedEvent {
  readonly seq: number;
  readonly type: string;
  readonly data: unknown;
}

/** A piece of a turn's text, sent while the model is still writing it. */
interface WrittenPiece {
  readonly type: 'delta';
  readonly data: DeltaV1;
}

/** What the tools of debates work on: the gateway's own functions, or a client of a gateway. */
export interface DebateBackend {
  start(body: StartDebateBody): Promise<DebateSummary>;
  get(id: string): Promise<DebateView>;
  list(query: PageQuery): Promise<DebatePage>;
  /** Durable events until the last, and pieces of turns in between. */
  follow(id: string, signal: AbortSignal): AsyncIterable<NumberedEvent | WrittenPiece>;
}

const wait = z
  .boolean()
  .optional()
  .describe('Answer when the debate is over; its turns come as progress until then. Otherwise answer at once.');
export const idInput = z.uuid('a debate id is a UUID').toLowerCase();
const startInput = startDebateBody.safeExtend({ wait });
const getInput = z.strictObject({ id: idInput, wait });

/** Debates as tools, by the schemas of /v1. */
export function debateTools(backend: DebateBackend): readonly AnyTool[] {
  return [
    defineTool({
      name: 'start_debate',
      title: 'Start a debate',
      description: 'Two teams argue for and against a topic until nothing new is said; a judge decides.',
      input: startInput,
      output: z.union([debateView, debateSummary]),
      annotations: { readOnlyHint: false, destructiveHint: false },
      async run({ wait: isAwaited, ...body }, call) {
        const summary = await backend.start(body);
        return isAwaited === true ? ended(backend, summary.id, call) : summary;
      },
    }),
    defineTool({
      name: 'get_debate',
      title: 'Read a debate',
      description: 'A debate with its turns, the reason of its end, the verdict and what it cost.',
      input: getInput,
      output: debateView,
      annotations: { readOnlyHint: true },
      async run({ id, wait: isAwaited }, call) {
        const view = await backend.get(id);
        return isAwaited === true && view.closedAt === null ? ended(backend, id, call) : view;
      },
    }),
    defineTool({
      name: 'list_debates',
      title: 'List debates',
      description: 'Debates, newest first, a page at a time.',
      input: pageQuery,
      output: debatePage,
      annotations: { readOnlyHint: true },
      run: (query) => backend.list(query),
    }),
  ];
}

/** Reports every event until the last; its number is the progress. A turn that is being written comes in between. */
async function ended(backend: DebateBackend, debate: string, { signal, report }: ToolCall): Promise<DebateView> {
  const progress = createProgress();
  for await (const one of backend.follow(debate, signal)) {
    const piece = 'seq' in one ? undefined : pieceOfTurn(one.data);
    const told =
      'seq' in one ? progress.event(one, presentedBy({ present: presentDebate }, one)) : piece && progress.piece(piece);
    if (told !== undefined) await report(told.progress, told.message);
  }
  return backend.get(debate);
}
