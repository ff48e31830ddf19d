import type { ErrorCode } from '@parley/contracts';

/** How an answer ends: with its calls, each as {name: arguments} or {fault: name}, or with an error. */
export type Ending =
  | {
      readonly text: string;
      readonly calls: readonly Readonly<Record<string, unknown>>[];
      readonly finishReason: 'stop' | 'length';
      /** What is counted of the calls. */
      readonly odd: readonly string[];
    }
  | { readonly code: ErrorCode; readonly retryable: boolean };

const asked = { expression: '10 * 99' };
const calculator = { calculator: asked };
const calls = (...made: readonly Readonly<Record<string, unknown>>[]): Ending => {
  const isRefused = made.some((call) => Object.keys(call).some((key) => key === key.toUpperCase()));
  return { text: '', calls: made, finishReason: 'stop', odd: isRefused ? ['tool-call-refused'] : [] };
};
const alike = calls({ calculator: { expression: '1 + 1' } }, { calculator: { expression: '2 + 2' } });
const two = calls(calculator, { weather: { city: 'Zürich' } });
const written = '{"name": "calculator", "parameters": {"expression": "10 * 99';

/** The shapes in which servers send tool calls, and what becomes of each. */
export const toolShapes = {
  'one call': calls(calculator),
  'a call beside the end': calls(calculator),
  'a whole call in one chunk, with the reason "stop"': calls(calculator),
  'arguments in pieces': calls(calculator),
  'id and name repeated with every piece, or empty': calls(calculator),
  'an index that grows with every piece': calls(calculator),
  'no ids': calls(calculator),
  'arguments as a text': calls(calculator),
  'arguments as an object': calls(calculator),
  'arguments as a text within a text': calls(calculator),
  'two calls': two,
  'two calls behind a text': { ...two, text: 'I calculate.' },
  'two calls whose pieces alternate': two,
  'two calls with ids at one index': two,
  'two calls without ids at one index': two,
  'two calls of one tool': alike,
  'two calls of one tool, with one id and one index': alike,
  'malformed arguments': { ...calls(calculator), odd: ['tool-call-repaired'] },
  'a sentence as arguments': calls({ ARGUMENTS_MALFORMED: 'calculator' }),
  'two objects as the arguments of one call': calls({ ARGUMENTS_MALFORMED: 'calculator' }),
  'arguments cut without a word of it': calls({ calculator: { expression: '1 + 1' } }, { ARGUMENTS_CUT: 'weather' }),
  'arguments cut at the limit': {
    ...calls({ ARGUMENTS_CUT: 'calculator' }, { ARGUMENTS_CUT: 'clock' }),
    finishReason: 'length',
  },
  'no object as arguments': calls({ ARGUMENTS_NOT_AN_OBJECT: 'calculator' }),
  'no arguments, needed and not': calls({ ARGUMENTS_MISSING: 'calculator' }, { clock: {} }),
  'a key too many, a number as a text': calls({ weather: { city: 'Bern', days: '3', why: 'asked' } }),
  'a tool that is not offered': calls({ UNKNOWN_TOOL: 'Calculate' }),
  'a call that is the whole text': { ...calls(calculator), odd: ['tool-call-from-text'] },
  'a call that is the whole text, without what it needs': {
    ...calls({ ARGUMENTS_MISSING: 'calculator' }),
    odd: ['tool-call-from-text', 'tool-call-refused'],
  },
  'a call within a text': { ...calls(), text: `Use this: ${written}"}}` },
  'a call in the text, cut at the limit': {
    ...calls(),
    text: '{\n  "name":"calculator",\n  "parameters": {\n   ',
    finishReason: 'length',
  },
  'a call that the server could not read': { code: 'MODEL_GARBAGE', retryable: false },
  'a call that the server could not read, before the answer began': { code: 'MODEL_GARBAGE', retryable: false },
  'a call whose answer broke off': { code: 'MODEL_BROKE_OFF', retryable: true },
  'no support for tools': { code: 'MODEL_WITHOUT_TOOLS', retryable: false },
} as const satisfies Readonly<Record<string, Ending>>;

export type ToolShape = keyof typeof toolShapes;
