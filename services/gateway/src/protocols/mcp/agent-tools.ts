import { runStatuses } from '@parley/contracts';
import { z } from 'zod';
import type { RequestContext } from '../../api/request-context.ts';
import { type AgentPort, isWaitingAt, tell } from '../../streams/agent-port.ts';
import { reported } from './reported.ts';
import { type AnyTool, defineTool } from './tool.ts';

const input = z.strictObject({
  words: z.string().min(1).describe('What is asked, or the answer to what was asked back.'),
  id: z.uuid('an id is a UUID').toLowerCase().optional().describe('Work that goes on; without it new work is started.'),
  settings: z.looseObject({}).optional().describe('Settings of new work.'),
  wait: z
    .boolean()
    .optional()
    .describe('False answers at once; otherwise the answer comes with the end, or a question.'),
});
const output = z.object({
  id: z.uuid(),
  status: z.enum(runStatuses).describe('With input-required the text is a question: call again with id and words.'),
  text: z.string(),
  artifacts: z.array(z.object({ id: z.string(), name: z.string(), text: z.string() })),
});

/** One tool for each agent whose feature has no tools of its own. */
export function agentTools(agents: readonly AgentPort[], context: RequestContext): readonly AnyTool[] {
  return agents.filter(({ hasTools }) => hasTools !== true).map((agent) => toolOf(agent, context));
}

function toolOf(agent: AgentPort, context: RequestContext): AnyTool {
  const { tenant } = context;
  return defineTool({
    name: `ask_${agent.name.replaceAll('-', '_')}`,
    title: agent.title,
    description: agent.description,
    input,
    output,
    annotations: { readOnlyHint: false, destructiveHint: false },
    async run({ words, id: known, settings, wait }, call) {
      const { id, after } = await sent([words], known, settings);
      if (wait !== false) {
        const followed = agent.follow(tenant, id, after, call.signal);
        await reported(followed, agent, call, (event) => isWaitingAt(agent, tenant, id, event));
      }
      const { status, words: text = '', artifacts } = await agent.view(tenant, id);
      const made = artifacts.map((one) => ({ id: one.id, name: one.name, text: one.text }));
      return { id, status, text: text.trimEnd(), artifacts: made };
    },
  });

  async function sent(words: readonly string[], known: string | undefined, settings: unknown) {
    if (known === undefined) {
      const { id } = await agent.start(context, { words, settings, field: 'words', called: 'it' });
      return { id, after: 0 };
    }
    const { id, sequence } = await tell(agent, context, known, words);
    return { id, after: sequence };
  }
}
