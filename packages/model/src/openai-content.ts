/** A message's content as servers send it: a text, or Mistral's and Anthropic's lists of typed parts. */
export type Content = string | readonly unknown[] | null | undefined | unknown;

interface Part {
  readonly text: string;
  readonly isThought: boolean;
}

const thoughtTypes = new Set(['thinking', 'reasoning', 'thought', 'redacted_thinking']);

/** The texts of a content, thoughts marked. What is no text is left out. */
export function partsOf(content: Content): Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content, isThought: false }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown): Part[] => {
    if (typeof part === 'string') return [{ text: part, isThought: false }];
    if (typeof part !== 'object' || part === null) return [];
    const { type, text, thinking } = part as Record<string, unknown>;
    if (typeof type === 'string' && thoughtTypes.has(type)) {
      const inner = typeof text === 'string' ? text : textIn(thinking);
      return [{ text: inner, isThought: true }];
    }
    return typeof text === 'string' ? [{ text, isThought: false }] : [];
  });
}

function textIn(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return partsOf(Array.isArray(thinking) ? thinking : undefined)
    .map(({ text }) => text)
    .join('');
}
