import { builtinAgents } from '@parley/agent/builtin-agents.ts';
import {
  type AgentView,
  agentPage,
  answerBody,
  cancelRunBody,
  runKind,
  runMessageBody,
  runView,
  startRunBody,
} from '@parley/contracts/run';
import { z } from 'zod';
import { bareExamples, commandAnswers, faults, json, keyHeader, unknown } from '../../api/openapi-answers.ts';
import { type Route, route } from '../../api/route.ts';
import { replyOf } from '../../streams/command.ts';
import { type ControlRoute, controlRoute, streamParams } from '../../streams/control-route.ts';
import type { FeatureParts } from '../../streams/feature.ts';
import { createRuns } from './runs.ts';

const params = streamParams(runKind);
const agentParams = z.strictObject({ name: z.string().min(1).max(64) });
const stream = { kind: runKind, view: 'getRun', wait: 'Answer when the run is over, or asks something.' };
const startExamples = { question: { summary: 'A question.', value: { input: '10 times 99' } } };
const messageExamples = { message: { summary: 'For its next thought.', value: { text: 'Be quick.' } } };
const answerExamples = {
  words: { summary: 'In words.', value: { text: 'yes' } },
  yes: { summary: 'Leave to make a call.', value: { question: '1.1/approval', answer: { is: 'approved' } } },
};

/** Agents, and their runs: started, read, told something, cancelled. */
export function runRoutes(parts: FeatureParts): Route[] {
  const runs = createRuns(parts);

  const control = <Body>(
    word: string,
    id: string,
    summary: string,
    body: ControlRoute<Body>['body'],
    send: ControlRoute<Body>['send'],
  ): Route => controlRoute({ kind: runKind, word, id, summary, answer: 'It is on its way.', body, send });

  return [
    route({
      method: 'get',
      path: '/v1/agents',
      id: 'listAgents',
      needs: 'read',
      summary: 'The agents that can be asked, with their tools.',
      tool: {
        name: 'list_agents',
        title: 'List agents',
        description: 'The agents that can be asked, with their tools.',
      },
      responses: { 200: json(agentPage, 'All of them.'), ...faults },
      handle: () => ({ body: { agents: builtinAgents.map(agentViewOf) } }),
    }),
    route({
      method: 'post',
      path: '/v1/agents/{name}/runs',
      id: 'startRun',
      needs: 'write',
      summary: 'Ask an agent. The answer comes after the run is durable.',
      params: agentParams,
      headers: keyHeader,
      body: { schema: startRunBody, examples: startExamples, isRequired: true },
      tool: { name: 'run_agent', title: 'Ask an agent', description: 'Asks an agent by its name.', stream },
      responses: {
        202: json(runView, 'Accepted; follow Location.'),
        ...unknown('agent'),
        ...commandAnswers,
        ...faults,
      },
      handle: async ({ params: { name }, body, context }) => replyOf(await runs.start(context, name, body), '/v1/runs'),
    }),
    route({
      method: 'get',
      path: '/v1/runs/{id}',
      id: 'getRun',
      needs: 'read',
      summary: 'A run: its answer, or what it asks and waits for.',
      params,
      tool: {
        name: 'get_run',
        title: 'Read a run',
        description: 'A run of an agent, with its answer or questions.',
        stream,
      },
      responses: { 200: json(runView, 'The run.'), ...unknown('run'), ...faults },
      handle: async ({ context, params: { id } }) => ({ body: await runs.view(context.tenant, id) }),
    }),
    control('cancel', 'cancelRun', 'Cancel a run.', { schema: cancelRunBody, examples: bareExamples }, runs.cancel),
    control(
      'messages',
      'addRunMessage',
      'Tell a run something; its next thought knows it.',
      { schema: runMessageBody, examples: messageExamples },
      runs.addMessage,
    ),
    control(
      'answers',
      'answerRun',
      'Answer a question of a run.',
      { schema: answerBody, examples: answerExamples },
      runs.answer,
    ),
  ];
}

function agentViewOf({ name, version, title, description, tools }: (typeof builtinAgents)[number]): AgentView {
  return {
    ...{ name, version, title, description },
    tools: tools.map((tool) => ({
      ...{ name: tool.name, description: tool.description },
      ...{ effect: tool.effect, needsApproval: tool.needsApproval },
    })),
  };
}
