import type { ProposedCall } from '@parley/contracts/run';
import type { ChatMessage, MadeToolCall } from '@parley/model';
import type { RunEvent } from './domain/run-state.ts';

/** A thought whose calls are not all answered yet. */
interface Exchange {
  readonly text: string;
  readonly calls: Map<string, { readonly proposed: ProposedCall; args?: MadeToolCall['arguments']; answer?: string }>;
}

/**
 * The log of a run as a conversation: what was asked, each thought with its calls, what came of them in the order of the
 * calls, and what people said meanwhile behind it. Arguments are those that were checked, or that a person set instead.
 */
export function conversationOf(events: readonly RunEvent[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let exchange: Exchange | undefined;
  let said: string[] = [];
  const flush = (): void => {
    if (exchange !== undefined) messages.push(...messagesOf(exchange));
    messages.push(...said.map((content): ChatMessage => ({ role: 'user', content })));
    exchange = undefined;
    said = [];
  };
  const at = (call: string) => exchange?.calls.get(call);
  const answer = (call: string, text: string): void => {
    const found = at(call);
    if (found !== undefined) found.answer = text;
  };
  for (const { type, data } of events) {
    switch (type) {
      case 'run-started.v1':
        messages.push({ role: 'user', content: data.input });
        break;
      case 'message-added.v1':
        said.push(data.text);
        break;
      case 'thought.v1':
        flush();
        exchange = {
          text: data.text,
          calls: new Map(data.calls.map((proposed, i) => [`${data.thought}.${i + 1}`, { proposed }])),
        };
        break;
      case 'call-started.v1': {
        const found = at(data.call);
        if (found !== undefined && data.args !== undefined) found.args = data.args;
        break;
      }
      case 'call-succeeded.v1':
        answer(data.call, data.output + (data.cutCharacters > 0 ? cutNote(data.cutCharacters) : ''));
        break;
      case 'call-failed.v1':
        answer(data.call, `It failed (${data.code}): ${data.reason}`);
        break;
      case 'call-refused.v1':
        answer(data.call, `It was refused (${data.code}): ${data.reason}`);
        break;
      default:
    }
  }
  flush();
  return messages;
}

const cutNote = (characters: number): string => `\n[${characters} more characters are cut off.]`;

/** Calls of tools that there are none of cannot stand in a history: what became of them is told in words. */
function messagesOf({ text, calls }: Exchange): ChatMessage[] {
  const all = [...calls.values()];
  const made = all.flatMap(({ proposed, args, answer = '' }) =>
    'code' in proposed ? [] : [{ name: proposed.tool, arguments: args ?? proposed.args, answer }],
  );
  const refused = all.flatMap(({ proposed, answer = '' }) =>
    'code' in proposed ? [`Your call of "${proposed.tool}": ${answer}`] : [],
  );
  const toolCalls = made.map(({ name, arguments: of }): MadeToolCall => ({ name, arguments: of }));
  return [
    { role: 'assistant', content: text, ...(toolCalls.length === 0 ? {} : { toolCalls }) },
    ...made.map(({ name, answer }): ChatMessage => ({ role: 'tool', toolName: name, content: answer })),
    ...refused.map((content): ChatMessage => ({ role: 'user', content })),
  ];
}
