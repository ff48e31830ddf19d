import { type ReplayRules, type ReplayView, replayRulesSchema, replayView } from '@parley/contracts/debate';
import { z } from 'zod';
import { type AnyTool, defineTool } from '../../streams/tool.ts';
import { idInput } from '../debates/debate-tools.ts';

/** What the tools of replays work on: the gateway's own functions, or a client of a gateway. */
export interface ReplayBackend {
  startReplay(debate: string, rules: ReplayRules): Promise<{ readonly id: string }>;
  finishedReplay(debate: string, replay: string, signal: AbortSignal): Promise<ReplayView>;
}

/** Judging a finished debate again, as a tool. */
export function replayTools(backend: ReplayBackend): readonly AnyTool[] {
  return [
    defineTool({
      name: 'replay_debate',
      title: 'Judge a debate again',
      description: 'Reads a finished debate by other rules or another judge. The debate stays as it was.',
      input: z.strictObject({ id: idInput, rules: replayRulesSchema.optional() }),
      output: replayView,
      annotations: { readOnlyHint: false, destructiveHint: false },
      async run({ id: debate, rules }, { signal, report }) {
        const replay = await backend.startReplay(debate, rules ?? {});
        await report(0, `Replay ${replay.id} is being judged.`);
        return backend.finishedReplay(debate, replay.id, signal);
      },
    }),
  ];
}
