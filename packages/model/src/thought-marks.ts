/** What a mark in a model's text means: thoughts begin or end, a harmony token, or a token that carries nothing. */
export type Mark =
  | { readonly kind: 'open' | 'close' | 'empty'; readonly length: number }
  | { readonly kind: 'token'; readonly name: string; readonly length: number };

/** Longest mark that is recognised, in characters. A longer one is text. */
const longestMark = 200;

/** Tags that models put around their thoughts; `seed:think` is ByteDance's. */
const tagNames = ['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'seed:think'];
const attribute = `\\s+[\\w:-]+\\s*=\\s*(?:"[^"<>]*"|'[^'<>]*'|[^\\s"'<>=]+)`;
/** A tag such as `<think>`, `</Thinking >`, `<reasoning effort="high">`. */
const tag = new RegExp(`<(/?)(?:${tagNames.join('|')})((?:${attribute})*)\\s*(/?)>`, 'iy');

/** Marks of one spelling: Mistral's, Kimi's, Sky-T1's and Cohere's. */
const literals: Readonly<Record<string, 'open' | 'close'>> = {
  '[THINK]': 'open',
  '[/THINK]': 'close',
  '◁think▷': 'open',
  '◁/think▷': 'close',
  '<|begin_of_thought|>': 'open',
  '<|end_of_thought|>': 'close',
  '<|START_THINKING|>': 'open',
  '<|END_THINKING|>': 'close',
  '<|begin_of_solution|>': 'close',
};

/** Tokens of OpenAI's harmony format, and ends of turn that some servers leave in the text. */
const tokens = [
  'start',
  'channel',
  'constrain',
  'message',
  'end',
  'return',
  'call',
  'im_end',
  'eot_id',
  'endoftext',
  'end_of_text',
].map((name) => `<|${name}|>`);

/** The mark that begins at `at`, `partial` when more text could complete one, or undefined when it is text. */
export function markAt(text: string, at: number): Mark | 'partial' | undefined {
  const first = text[at];
  if (first !== '<' && first !== '[' && first !== '◁') return undefined;
  const head = text.slice(at, at + longestMark);
  for (const [literal, kind] of Object.entries(literals)) {
    if (head.startsWith(literal)) return { kind, length: literal.length };
  }
  for (const token of tokens) {
    if (head.startsWith(token)) return { kind: 'token', name: token.slice(2, -2), length: token.length };
  }
  tag.lastIndex = 0;
  const match = tag.exec(head);
  if (match !== null) {
    const kind = match[3] === '/' ? 'empty' : match[1] === '/' ? 'close' : 'open';
    return { kind, length: match[0].length };
  }
  return head.length < longestMark && at + head.length === text.length && couldBecome(head) ? 'partial' : undefined;
}

function couldBecome(head: string): boolean {
  if ([...Object.keys(literals), ...tokens].some((mark) => mark.startsWith(head))) return true;
  const [, name = '', rest = ''] = /^<\/?([a-z:]*)([^<>]*)$/i.exec(head) ?? [head, '!'];
  const known = name.toLowerCase();
  return rest === '' ? tagNames.some((one) => one.startsWith(known)) : tagNames.includes(known);
}
