import { SendMessageRequest } from '@a2a-js/sdk';
import { noteBody, type StartDebateBody, startDebateBody } from '@parley/contracts';
import { BadRequest, parse } from '@parley/runtime';
import { type AgentName, roundsOf, topicOf } from '../../domain/agents.ts';
import type { RequestContext } from '../../streams/request-context.ts';

const printable = /^[\x21-\x7e]{1,200}$/;

/** False for what the SDK's reader throws at, such as bytes that are no text: the caller's fault, and none in here. */
export function isReadable(params: unknown): boolean {
  try {
    SendMessageRequest.fromJSON(params as never);
    return true;
  } catch {
    return false;
  }
}

function wordsOf({ message }: SendMessageRequest): string {
  const parts = message?.parts ?? [];
  return topicOf(parts.flatMap(({ content }) => (content?.$case === 'text' ? [content.value] : [])));
}

/** The debate that a message asks for: its text is the topic, `metadata.parley` has settings of POST /v1/debates. */
export function debateOf(request: SendMessageRequest, agent: AgentName): StartDebateBody {
  const topic = wordsOf(request);
  const checked = startDebateBody.shape.topic.safeParse(topic);
  if (!checked.success) {
    const message = `its text is the topic: ${checked.error.issues[0]?.message}`;
    throw new BadRequest('body', [{ field: 'message.parts', message }]);
  }
  const settings = request.metadata?.parley ?? request.message?.metadata?.parley;
  return parse(startDebateBody, { ...settings, ...roundsOf(agent), topic }, 'body');
}

/** A message to a debate that runs is a note to both sides. */
export function noteOf(request: SendMessageRequest) {
  return parse(noteBody, { text: wordsOf(request) }, 'body');
}

/** A message that comes again is the same message. Source: A2A 1.0 §3.3.1 (idempotency). */
export function idempotentContext(
  requestContext: RequestContext,
  agent: AgentName,
  { message }: SendMessageRequest,
): RequestContext {
  const { messageId = '' } = message ?? {};
  return printable.test(messageId)
    ? { ...requestContext, idempotencyKey: `a2a/${agent} ${messageId}` }
    : requestContext;
}
