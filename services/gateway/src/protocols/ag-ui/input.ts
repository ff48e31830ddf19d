import type { RunAgentInputSchema } from '@ag-ui/core/schemas';
import { type StartDebateBody, startDebateBody } from '@parley/contracts';
import { BadRequest, parse } from '@parley/runtime';
import { z } from 'zod';
import { topicOf } from '../../domain/agents.ts';

export type RunInput = z.infer<typeof RunAgentInputSchema>;

/** They name a debate for as long as an idempotency key is known. */
export const names = z.looseObject({ threadId: z.string().max(200), runId: z.string().max(200) });
const uuid = z.uuid().toLowerCase();
const props = z.looseObject({
  after: z.int().min(0).optional(),
  parley: z.looseObject({}).optional(),
});

/** A thread that is named as a debate is that debate, from the event after `forwardedProps.after` on. */
export function threadOf({ threadId, forwardedProps }: RunInput): { id: string; after: number } | undefined {
  const id = uuid.safeParse(threadId);
  const { after = 0 } = parse(props, forwardedProps ?? {}, 'body');
  return id.success ? { id: id.data, after } : undefined;
}

/** Otherwise its last message of the user is the topic, `forwardedProps.parley` the settings of POST /v1/debates. */
export function debateOf({ messages, forwardedProps }: RunInput): StartDebateBody {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const content: unknown = messages[last]?.content;
  const parts = typeof content === 'string' ? [content] : Array.isArray(content) ? content.flatMap(textOf) : [];
  const topic = topicOf(parts);
  const checked = startDebateBody.shape.topic.safeParse(topic);
  if (!checked.success) {
    const message = `the last one of the user is the topic: ${checked.error.issues[0]?.message}`;
    throw new BadRequest('body', [{ field: `messages.${Math.max(last, 0)}.content`, message }]);
  }
  return parse(startDebateBody, { ...parse(props, forwardedProps ?? {}, 'body').parley, topic }, 'body');
}

function textOf(part: unknown): string[] {
  const read = z.object({ type: z.literal('text'), text: z.string() }).safeParse(part);
  return read.success ? [read.data.text] : [];
}
