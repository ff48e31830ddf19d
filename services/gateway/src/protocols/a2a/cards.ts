import type { AgentCard, AgentSkill } from '@a2a-js/sdk';
import type { AgentPort } from '../../streams/agent-port.ts';
import { isPlatform, pathOf, restPathOf } from './paths.ts';

const skillOf = ({ name, description, examples, kind }: AgentPort): AgentSkill => ({
  id: name,
  name,
  description,
  tags: [kind.name],
  examples: [...examples],
  inputModes: ['text/plain'],
  outputModes: ['text/plain'],
  securityRequirements: [],
});

export interface CardOptions {
  readonly isGuarded: boolean;
  /** Whether receivers of push notifications may be asked at all. */
  readonly hasPush: boolean;
}

/** @param origin where callers reach the gateway, such as https://parley.example.org */
export function cardOf(
  agent: AgentPort,
  agents: readonly AgentPort[],
  origin: string,
  { isGuarded, hasPush }: CardOptions,
): AgentCard {
  const bearer = {
    scheme: {
      $case: 'httpAuthSecurityScheme' as const,
      value: { description: 'An API key, or a token of the identity provider.', scheme: 'Bearer', bearerFormat: '' },
    },
  };
  const [rpc, rest] = [pathOf(agent, agents), restPathOf(agent, agents)];
  return {
    name: agent.title,
    description: agent.description,
    supportedInterfaces: [
      { url: `${origin}${rpc}`, protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' },
      { url: `${origin}${rest}`, protocolBinding: 'HTTP+JSON', tenant: '', protocolVersion: '1.0' },
    ],
    provider: undefined,
    version: '1',
    capabilities: { streaming: true, pushNotifications: hasPush, extensions: [], extendedAgentCard: false },
    securitySchemes: isGuarded ? { bearer } : {},
    securityRequirements: isGuarded ? [{ schemes: { bearer: { list: [] } } }] : [],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: (isPlatform(agent, agents) ? agents : [agent]).map(skillOf),
    signatures: [],
  };
}
