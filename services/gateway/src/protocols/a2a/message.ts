import { SendMessageRequest } from '@a2a-js/sdk';
import type { RequestContext } from '../../api/request-context.ts';
import type { AgentPort, Asked } from '../../streams/agent-port.ts';

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

/** The text parts of a message. */
export function wordsOf({ message }: SendMessageRequest): string[] {
  return (message?.parts ?? []).flatMap(({ content }) => (content?.$case === 'text' ? [content.value] : []));
}

/** What a message asks for by its text; `metadata.parley` has the settings. */
export function askedOf(request: SendMessageRequest): Asked {
  const settings = request.metadata?.parley ?? request.message?.metadata?.parley;
  return { words: wordsOf(request), settings, field: 'message.parts', called: 'its text' };
}

/** A message that comes again is the same message. Source: A2A 1.0 §3.3.1 (idempotency). */
export function idempotentContext(
  requestContext: RequestContext,
  { name }: Pick<AgentPort, 'name'>,
  { message }: SendMessageRequest,
): RequestContext {
  const { messageId = '' } = message ?? {};
  return printable.test(messageId) ? { ...requestContext, idempotencyKey: `a2a/${name} ${messageId}` } : requestContext;
}
