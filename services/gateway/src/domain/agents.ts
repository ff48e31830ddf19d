import type { Side } from '@parley/contracts';

/** Agents that other protocols ask by name: the whole debate, or what one debater says in a debate of one round. */
export const agents = {
  debate: { side: undefined, title: 'A whole debate: both teams until nothing new is said, and the verdict.' },
  'debater-a': { side: 'pro', title: 'What Team A says for a topic, in a debate of one round.' },
  'debater-b': { side: 'con', title: 'What Team B says against a topic, in a debate of one round.' },
} as const satisfies Record<string, { readonly side: Side | undefined; readonly title: string }>;
export type AgentName = keyof typeof agents;
export const agentNames = Object.keys(agents) as AgentName[];

export function isAgent(name: string): name is AgentName {
  return Object.hasOwn(agents, name);
}

/** One debater's part takes one round. */
export function roundsOf(name: AgentName): { readonly maxRounds?: 1; readonly minRounds?: 1 } {
  return agents[name].side === undefined ? {} : { maxRounds: 1, minRounds: 1 };
}

/** A topic is one line, whatever it was written in. */
export function topicOf(words: readonly string[]): string {
  return words.join(' ').replace(/\s+/g, ' ').trim();
}
