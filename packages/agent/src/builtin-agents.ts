import type { AgentDefinition } from './definition.ts';
import { askUser } from './tools/ask-user.ts';
import { calculator } from './tools/calculator.ts';
import { hostStatus } from './tools/host-status.ts';

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

/** Has tools of several kinds, and asks back. */
const assistant: AgentDefinition = {
  name: 'assistant',
  version: 1,
  title: 'Assistant',
  description: 'Answers with the help of tools, and asks back when something is missing.',
  examples: ['How busy is this host?'],
  role: 'You are a helpful assistant.',
  goal: 'Answer what you are asked, in a few sentences.',
  constraints: ['Use a tool rather than guess.', 'Ask the user when only the user can know.'],
  tools: [calculator, hostStatus, askUser],
};

/** The agents that come with this build. */
export const builtinAgents: readonly AgentDefinition[] = [calculatorAgent, assistant];
