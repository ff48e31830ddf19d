import { type DebateSummary, ParleyError, type Side, type Spent } from '@parley/contracts';
import { faultOf, onlyMethods, parse } from '@parley/runtime';
import { type Response, Router } from 'express';
import { agentNames, agents, isAgent } from '../../domain/agents.ts';
import type { Debates } from '../../features/debates/debates.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { requestContextOf } from '../../streams/request-context.ts';
import { leavingOf, sendTexts } from '../../streams/text-stream.ts';
import { createAnswer } from './answer.ts';
import { chatBody, debateOf } from './body.ts';
import { chunk, completion, endOf, finishReason, type Head, headOf, usageChunk } from './completion.ts';
import { errorOf } from './errors.ts';

export interface OpenAiDeps {
  readonly debates: Debates;
  readonly heartbeatMs?: number | undefined;
}

/** Long before any debate of this product. */
const created = Date.UTC(2026, 0, 1) / 1000;
const describe = (id: string) => ({ id, object: 'model', created, owned_by: 'parley' });

/** Debates in the words of OpenAI's chat completions. Who leaves can read on elsewhere: the debate goes on. */
export function openAiRoutes({ debates, heartbeatMs }: OpenAiDeps): Router {
  const router = Router();

  router.get('/v1/models', (_request, response) => {
    response.json({ object: 'list', data: agentNames.map(describe) });
  });
  router.get('/v1/models/:id', (request, response) => {
    const { id } = request.params;
    if (!isAgent(id)) {
      throw new ParleyError('NOT_FOUND', `There is no model ${id}; there are ${agentNames.join(', ')}.`);
    }
    response.json(describe(id));
  });

  router.post('/v1/chat/completions', async (request, response) => {
    const body = parse(chatBody, request.body ?? {}, 'body');
    const context = requestContextOf(request, response);
    const { response: started } = await debates.start(context, debateOf(body));
    const debate = started as DebateSummary;
    const head = headOf(debate, body.model);
    response.set('X-Parley-Debate', debate.id);
    const isStreamed = body.stream === true;
    const followed = debates.follow(context.tenant, debate.id, 0, leavingOf(response));
    const said = answered(followed, agents[body.model].side, isStreamed);
    const usage = async () => (await debates.view(context.tenant, debate.id)).usage;
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

type Said = { readonly text: string; readonly end: ReturnType<typeof endOf> };

/**
 * @param withPieces of turns that are being written, too
 * @throws ParleyError MODELS_EXHAUSTED for a debate that failed
 */
async function* answered(
  followed: ReturnType<Debates['follow']>,
  side: Side | undefined,
  withPieces: boolean,
): AsyncGenerator<Said> {
  const answer = createAnswer(side);
  for await (const one of followed) {
    if (one.kind === 'delta') {
      const text = withPieces ? answer.piece(one.delta) : '';
      if (text !== '') yield { text, end: undefined };
      continue;
    }
    const end = endOf(one.event);
    if (end?.status === 'failed') throw failed(one.event);
    const text = answer.event(one.event);
    if (text !== '' || end !== undefined) yield { text, end };
  }
}

function failed({ data }: StreamEvent): ParleyError {
  const { stopReason } = data as { stopReason: string };
  return new ParleyError('MODELS_EXHAUSTED', `The debate failed: ${stopReason}.`, { retryable: true });
}

async function* chunks(
  head: Head,
  said: AsyncIterable<Said>,
  usage: (() => Promise<Spent>) | undefined,
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
