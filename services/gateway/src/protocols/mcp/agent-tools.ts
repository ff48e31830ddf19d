import { runStatuses } from '@parley/contracts';
import { z } from 'zod';
import { type AgentPort, isWaitingAt, tell } from '../../streams/agent-port.ts';
import { createProgress } from '../../streams/progress.ts';
import type { RequestContext } from '../../streams/request-context.ts';
import { type AnyTool, defineTool, type ToolCall } from '../../streams/tool.ts';

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
      if (wait !== false) await settled(agent, tenant, id, after, call);
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

/** Reports every event, and texts while they are written, until the work has ended or asks something. */
async function settled(
  agent: AgentPort,
  tenant: string,
  id: string,
  after: number,
  { signal, report }: ToolCall,
): Promise<void> {
  const progress = createProgress();
  for await (const one of agent.follow(tenant, id, after, signal)) {
    const piece = one.kind === 'delta' ? agent.piece(one.delta) : undefined;
    const told =
      one.kind === 'event' ? progress.event(one.event, agent.present(one.event)) : piece && progress.piece(piece);
    if (told !== undefined) await report(told.progress, told.message);
    if (one.kind === 'event' && (await isWaitingAt(agent, tenant, id, one.event))) return;
  }
}
