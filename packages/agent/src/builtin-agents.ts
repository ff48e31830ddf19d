import type { AgentDefinition } from './definition.ts';
import { calculator } from './tools/calculator.ts';

export type { AgentDefinition } from './definition.ts';

/** Calculates what it is asked. Source: DB-GPT, agents introduction, "ToolAssistant". */
const calculatorAgent: AgentDefinition = {
  name: 'calculator',
  version: 1,
  title: 'Calculator',
  description: 'Answers questions about numbers, and calculates instead of guessing.',
  examples: ['10 times 99'],
  role: 'You are a careful calculator.',
  goal: 'Answer with numbers that you have calculated with a tool.',
  constraints: ['Never calculate in your head.', 'Answer in one sentence.'],
  tools: [calculator],
};

/** The agents that come with this build. */
export const builtinAgents: readonly AgentDefinition[] = [calculatorAgent];
