import type { RunAgentInputSchema } from '@ag-ui/core/schemas';
import { BadRequest, parse } from '@parley/runtime';
import { z } from 'zod';
import type { AgentPort, Asked } from '../../streams/agent-port.ts';

export type RunInput = z.infer<typeof RunAgentInputSchema>;

/** They name a piece of work for as long as an idempotency key is known. */
export const names = z.looseObject({ threadId: z.string().max(200), runId: z.string().max(200) });
const uuid = z.uuid().toLowerCase();
const props = z.looseObject({
  after: z.int().min(0).optional(),
  agent: z.string().optional(),
  parley: z.looseObject({}).optional(),
});
const propsOf = ({ forwardedProps }: RunInput) => parse(props, forwardedProps ?? {}, 'body');

/** The agent that `forwardedProps.agent` names; without it the first one. @throws BadRequest */
export function agentOf(input: RunInput, agents: readonly AgentPort[]): AgentPort {
  const { agent: wanted = agents[0]?.name } = propsOf(input);
  const found = agents.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const message = `is no agent here; there are ${agents.map(({ name }) => name).join(', ')}`;
  throw new BadRequest('body', [{ field: 'forwardedProps.agent', message }]);
}

/** A thread that is named as a stream is that stream, from the event after `forwardedProps.after` on. */
export function threadOf(input: RunInput): { id: string; after: number | undefined } | undefined {
  const id = uuid.safeParse(input.threadId);
  const { after } = propsOf(input);
  return id.success ? { id: id.data, after } : undefined;
}

/** Otherwise its last message of the user says what is asked, and `forwardedProps.parley` has the settings. */
export function askedOf(input: RunInput): Asked {
  const { messages } = input;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const content: unknown = messages[last]?.content;
  const words = typeof content === 'string' ? [content] : Array.isArray(content) ? content.flatMap(textOf) : [];
  const field = `messages.${Math.max(last, 0)}.content`;
  return { words, settings: propsOf(input).parley, field, called: 'the last one of the user' };
}

/**
 * What a run that resumes another one answers: the payloads of its entries, or its last message of the user where they
 * have none. Undefined for a run that resumes nothing.
 */
export function answerOf(input: RunInput): readonly string[] | undefined {
  const resolved = (input.resume ?? []).filter(({ status }) => status === 'resolved');
  if (resolved.length === 0) return undefined;
  const payloads = resolved.flatMap(({ payload }) => (payload === undefined ? [] : [payload as unknown]));
  if (payloads.length === 0) return askedOf(input).words;
  return payloads.map((payload) => (typeof payload === 'string' ? payload : JSON.stringify(payload)));
}

function textOf(part: unknown): string[] {
  const read = z.object({ type: z.literal('text'), text: z.string() }).safeParse(part);
  return read.success ? [read.data.text] : [];
}
