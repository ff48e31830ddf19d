import type { AgentCard, AgentSkill } from '@a2a-js/sdk';
import { type AgentName, agentNames, agents } from '../../domain/agents.ts';
import { pathOf, restPathOf } from './paths.ts';

const skill = (name: AgentName): AgentSkill => ({
  id: name,
  name,
  description: agents[name].title,
  tags: ['debate'],
  examples: ['The impact of AI on the job market'],
  inputModes: ['text/plain'],
  outputModes: ['text/plain'],
  securityRequirements: [],
});

const names: Readonly<Record<AgentName, string>> = {
  debate: 'Parley',
  'debater-a': 'Parley debater A',
  'debater-b': 'Parley debater B',
};

export interface CardOptions {
  readonly isGuarded: boolean;
  /** Whether receivers of push notifications may be asked at all. */
  readonly hasPush: boolean;
}

/** @param origin where callers reach the gateway, such as https://parley.example.org */
export function cardOf(agent: AgentName, origin: string, options: CardOptions): AgentCard {
  const { isGuarded, hasPush } = options;
  const bearer = {
    scheme: {
      $case: 'httpAuthSecurityScheme' as const,
      value: { description: 'An API key, or a token of the identity provider.', scheme: 'Bearer', bearerFormat: '' },
    },
  };
  return {
    name: names[agent],
    description: agents[agent].title,
    supportedInterfaces: [
      { url: `${origin}${pathOf(agent)}`, protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' },
      { url: `${origin}${restPathOf(agent)}`, protocolBinding: 'HTTP+JSON', tenant: '', protocolVersion: '1.0' },
    ],
    provider: undefined,
    version: '1',
    capabilities: { streaming: true, pushNotifications: hasPush, extensions: [], extendedAgentCard: false },
    securitySchemes: isGuarded ? { bearer } : {},
    securityRequirements: isGuarded ? [{ schemes: { bearer: { list: [] } } }] : [],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: agent === 'debate' ? agentNames.map(skill) : [skill(agent)],
    signatures: [],
  };
}
