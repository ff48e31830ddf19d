import { type AgentDefinition, builtinAgents, createCall, createThink, type FindAgent, run } from '@parley/agent';
import { topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { createStreamService, type ServiceParts, type StreamService } from '@parley/runtime';
import { readMessage } from './in/topics.ts';
import { announce } from './out/announce.ts';
import { agentSchema } from './schema.ts';

export interface AgentDeps extends ServiceParts {
  readonly model: ModelClient;
  /** Models of an agent that names none, in order of preference. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** Agents that it runs; those of this build without it. */
  readonly agents?: readonly AgentDefinition[];
}

/** Most tokens of a thought, and the time for its model calls. */
const thinking = { maxTokens: 1_000, budgetMs: 180_000 } as const;

/** Runs agents: they think, call tools, ask people, and reply. */
export function createAgent(deps: AgentDeps): Promise<StreamService> {
  const { agents = builtinAgents } = deps;
  const findAgent: FindAgent = (name, version) =>
    agents.find((agent) => agent.name === name && agent.version === version);
  return createStreamService(deps, {
    service: 'agent',
    schema: agentSchema.schema,
    topics: [topics.runCommands.name],
    parkedTopic: topics.runEvents.name,
    model: deps.model,
    models: deps.models,
    kinds: [{ decider: run, publish: announce }],
    handlers: ({ readStreams, now }) => ({
      think: createThink({ ...deps, ...thinking, findAgent, readStreams, now }),
      call: createCall({ findAgent, readStreams }),
    }),
    read: readMessage,
  });
}
