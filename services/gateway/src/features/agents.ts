import type { AgentPort } from '../streams/agent-port.ts';
import type { Streams } from '../streams/streams.ts';
import { debateAgents } from './debates/debate-agents.ts';
import type { Debates } from './debates/debates.ts';

/** Every agent that protocols ask by name; the first one is the platform itself. */
export function createAgents(debates: Debates, streams: Streams): readonly AgentPort[] {
  return debateAgents(debates, streams);
}
