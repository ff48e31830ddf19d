import { type AgentDefinition, builtinAgents } from '@parley/agent/builtin-agents.ts';
import { type RunView, runKind, startRunBody } from '@parley/contracts/run';
import { parse } from '@parley/runtime/problem.ts';
import type { AgentPort } from '../../streams/agent-port.ts';
import { createAgentReads } from '../../streams/agent-reads.ts';
import type { FeatureParts } from '../../streams/feature.ts';
import { viewOf } from './run-listing.ts';
import { presentRun } from './run-presented.ts';
import { createRuns } from './runs.ts';

const shown = { kind: runKind, present: presentRun };

/** Each agent, as protocols ask it by name. */
export function runAgents(parts: FeatureParts): readonly AgentPort[] {
  const runs = createRuns(parts);
  const say: AgentPort['say'] = async (context, id, words) => void (await runs.say(context, id, words.join('\n')));
  return builtinAgents.map(
    ({ name, title, description, examples }: AgentDefinition): AgentPort => ({
      ...{ name, title, description, examples },
      ...createAgentReads(parts.streams, shown, {
        standing(row) {
          const { questions, answer, reason } = viewOf(row);
          return questions[0]?.text ?? answer ?? reason ?? undefined;
        },
      }),
      // Its tool is the route's.
      hasTools: true,
      async start(context, { words, settings }) {
        const body = parse(startRunBody, { ...(settings as object | undefined), input: words.join('\n') }, 'body');
        return (await runs.start(context, name, body)).response as RunView;
      },
      say,
      answer: say,
      cancel: async (context, id) => void (await runs.cancel(context, id, {})),
    }),
  );
}
