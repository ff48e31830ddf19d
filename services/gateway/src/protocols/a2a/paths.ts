import type { AgentName } from '../../domain/agents.ts';

/** Where an agent takes JSON-RPC. */
export const pathOf = (agent: AgentName): string => (agent === 'debate' ? '/a2a' : `/a2a/${agent}`);

/** Below which an agent has the paths of the HTTP+JSON binding. */
export const restPathOf = (agent: AgentName): string => `${pathOf(agent)}/v1`;
