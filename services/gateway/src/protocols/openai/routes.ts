import { ParleyError, type StreamKind } from '@parley/contracts';
import { faultOf, onlyMethods, parse } from '@parley/runtime';
import { type Response, Router } from 'express';
import { requestContextOf } from '../../api/request-context.ts';
import { type End, hasFailed } from '../../domain/presented.ts';
import { type AgentPort, type AgentWorkView, isWaitingAt } from '../../streams/agent-port.ts';
import { leavingOf, sendTexts } from '../../streams/text-stream.ts';
import { idHeaderOf } from '../id-header.ts';
import { createAnswer } from './answer.ts';
import { askedOf, chatBodyOf } from './body.ts';
import { chunk, completion, finishReason, type Head, headOf, usageChunk } from './completion.ts';
import { errorOf } from './errors.ts';

export interface OpenAiDeps {
  readonly agents: readonly AgentPort[];
  readonly heartbeatMs?: number | undefined;
}

/** Long before any work of this product. */
const created = Date.UTC(2026, 0, 1) / 1000;
const describe = (id: string) => ({ id, object: 'model', created, owned_by: 'parley' });

/** Agents as models of OpenAI's chat completions. Who leaves can read on elsewhere: the work goes on. */
export function openAiRoutes({ agents, heartbeatMs }: OpenAiDeps): Router {
  const router = Router();
  const names = agents.map(({ name }) => name);
  const chatBody = chatBodyOf(agents);

  router.get('/v1/models', (_request, response) => {
    response.json({ object: 'list', data: names.map(describe) });
  });
  router.get('/v1/models/:id', (request, response) => {
    const { id } = request.params;
    if (!names.includes(id)) {
      throw new ParleyError('NOT_FOUND', `There is no model ${id}; there are ${names.join(', ')}.`);
    }
    response.json(describe(id));
  });

  router.post('/v1/chat/completions', async (request, response) => {
    const body = parse(chatBody, request.body ?? {}, 'body');
    // The schema has seen to it that there is one.
    const agent = agents.find(({ name }) => name === body.model) as AgentPort;
    const context = requestContextOf(request, response);
    const started = await agent.start(context, askedOf(body));
    const head = headOf(started, body.model);
    response.set(idHeaderOf(agent.kind), started.id);
    const isStreamed = body.stream === true;
    const said = answered(agent, context.tenant, started.id, leavingOf(response), isStreamed);
    const usage = async () => (await agent.view(context.tenant, started.id)).usage;
    if (isStreamed) {
      const isCounted = body.stream_options?.include_usage === true;
      await sendTexts(response, chunks(head, said, isCounted ? usage : undefined, response), heartbeatMs);
      return;
    }
    let content = '';
    for await (const { text, end } of said) {
      content += text;
      if (end !== undefined) response.json(completion(head, content.trimEnd(), finishReason(end), await usage()));
    }
  });

  router.all(['/v1/models', '/v1/models/:id'], onlyMethods('GET'));
  router.all('/v1/chat/completions', onlyMethods('POST'));
  return router;
}

type Said = { readonly text: string; readonly end: Pick<End, 'isCutShort'> | undefined };

/**
 * The answer until the work has ended, or asks something back.
 * @param withPieces of texts that are being written, too
 * @throws ParleyError MODELS_EXHAUSTED for work that failed
 */
async function* answered(
  agent: AgentPort,
  tenant: string,
  id: string,
  signal: AbortSignal,
  withPieces: boolean,
): AsyncGenerator<Said> {
  const answer = createAnswer(agent);
  for await (const one of agent.follow(tenant, id, 0, signal)) {
    if (one.kind === 'delta') {
      const text = withPieces ? answer.piece(one.delta) : '';
      if (text !== '') yield { text, end: undefined };
      continue;
    }
    const { end } = agent.present(one.event);
    if (end !== undefined && hasFailed(end)) throw failed(agent.kind, end);
    const isWaiting = await isWaitingAt(agent, tenant, id, one.event);
    const text = answer.event(one.event);
    const stop = isWaiting ? { isCutShort: false } : end;
    if (text !== '' || stop !== undefined) yield { text, end: stop };
    if (isWaiting) return;
  }
}

const failed = ({ name }: StreamKind, { reason }: End): ParleyError =>
  new ParleyError('MODELS_EXHAUSTED', `The ${name} failed: ${reason}.`, { retryable: true });

async function* chunks(
  head: Head,
  said: AsyncIterable<Said>,
  usage: (() => Promise<AgentWorkView['usage']>) | undefined,
  response: Response,
): AsyncGenerator<string> {
  const line = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
  yield line(chunk(head, { role: 'assistant', content: '' }));
  try {
    for await (const { text, end } of said) {
      if (text !== '') yield line(chunk(head, { content: text }));
      if (end !== undefined) yield line(chunk(head, {}, finishReason(end)));
    }
    if (usage !== undefined) yield line(usageChunk(head, await usage()));
    yield 'data: [DONE]\n\n';
  } catch (thrown) {
    yield line(errorOf(faultOf(thrown, response.locals.traceparent ?? '')));
  }
}
