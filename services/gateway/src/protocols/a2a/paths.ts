import type { AgentPort } from '../../streams/agent-port.ts';

type Named = Pick<AgentPort, 'name'>;

/** The first agent of the list is the platform itself: its card is the server's, and shows all of them. */
export const isPlatform = (agent: Named, agents: readonly Named[]): boolean => agents[0]?.name === agent.name;

/** Where an agent takes JSON-RPC. */
export const pathOf = (agent: Named, agents: readonly Named[]): string =>
  isPlatform(agent, agents) ? '/a2a' : `/a2a/${agent.name}`;

/** Below which an agent has the paths of the HTTP+JSON binding. */
export const restPathOf = (agent: Named, agents: readonly Named[]): string => `${pathOf(agent, agents)}/v1`;
