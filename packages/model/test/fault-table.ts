import type { ErrorCode } from '@parley/contracts';

/** How a call ends: with an answer that is used, or with an error of this code. */
export type Outcome = 'answers' | ErrorCode;

type Wire = 'ollama' | 'openai';
type Role = 'speaker' | 'judge';

/** One outcome for all, or those that differ by role or wire; a role counts before a wire. */
type Row =
  | Outcome
  | { readonly all: Outcome; readonly judge?: Outcome; readonly ollama?: Outcome }
  /** Whichever bound is met first. */
  | readonly Outcome[];

/**
 * How each habit of the odd model server ends for a model that is alone in its list. With another model behind it, every
 * one of them ends with an answer.
 */
export const faultTable: Readonly<Record<string, Row>> = {
  'hangs-before-headers': 'MODEL_TIMEOUT',
  'hangs-after-headers': 'MODEL_TIMEOUT',
  'hangs-after-text': 'MODEL_STALLED',
  'hangs-after-finish': 'answers',
  dribbles: 'MODEL_TIMEOUT',
  // A blank line of Ollama's is no sign of life, a comment of SSE is one for a while.
  'comments-only': ['MODEL_STALLED', 'MODEL_TIMEOUT'],
  'comments-flood': ['MODEL_BROKE_OFF', 'MODEL_STALLED'],
  'events-without-text': 'MODEL_TIMEOUT',
  'events-flood': 'MODEL_BROKE_OFF',
  'closes-in-mid-stream': 'MODEL_BROKE_OFF',
  'resets-in-mid-stream': 'MODEL_BROKE_OFF',
  'resets-at-once': 'MODEL_UNREACHABLE',
  'status-400': 'MODEL_REFUSED',
  'status-401': 'MODEL_REFUSED',
  'status-402': 'MODEL_REFUSED',
  'status-403': 'MODEL_REFUSED',
  'status-404': 'MODEL_NOT_FOUND',
  'status-408': 'MODEL_TIMEOUT',
  'status-500': 'MODEL_BROKE_OFF',
  'status-501': 'MODEL_REFUSED',
  'status-502': 'MODEL_UNREACHABLE',
  'status-503': 'MODEL_OVERLOADED',
  'status-504': 'MODEL_UNREACHABLE',
  'status-529': 'MODEL_OVERLOADED',
  'rate-limit-seconds': 'MODEL_OVERLOADED',
  'rate-limit-date': 'MODEL_OVERLOADED',
  'quota-spent': 'MODEL_REFUSED',
  'context-too-long': 'MODEL_REFUSED',
  'error-of-400-megabytes': 'MODEL_BROKE_OFF',
  'error-without-end': 'MODEL_BROKE_OFF',
  redirect: 'MODEL_REFUSED',
  'redirect-to-itself': 'MODEL_REFUSED',
  html: 'MODEL_GARBAGE',
  'empty-body': 'MODEL_BROKE_OFF',
  garbage: 'MODEL_BROKE_OFF',
  'line-of-50-megabytes': 'MODEL_BROKE_OFF',
  'truncated-json': 'MODEL_BROKE_OFF',
  'invalid-utf8': 'answers',
  bom: 'answers',
  crlf: 'answers',
  'wrong-content-type': 'answers',
  'pieces-of-characters': 'answers',
  gzip: 'answers',
  'gzip-bomb': ['MODEL_BROKE_OFF', 'MODEL_STALLED'],
  unstreamed: 'answers',
  'done-twice': 'answers',
  'no-done': 'answers',
  'no-finish': 'answers',
  'closes-behind-a-sentence': { all: 'answers', ollama: 'MODEL_BROKE_OFF' },
  'unknown-finish': 'answers',
  'usage-in-an-earlier-chunk': 'answers',
  'error-in-the-stream': 'MODEL_BROKE_OFF',
  'null-fields': 'answers',
  'choices-empty': 'MODEL_GARBAGE',
  'role-only': 'MODEL_GARBAGE',
  'empty-text': 'MODEL_GARBAGE',
  'nothing-until-the-limit': 'MODEL_GARBAGE',
  'white-space': 'MODEL_GARBAGE',
  'tool-calls': 'MODEL_GARBAGE',
  'endless-text-fast': { all: 'answers', judge: 'MODEL_GARBAGE' },
  'endless-text-slow': 'MODEL_TIMEOUT',
  'endless-thoughts': 'MODEL_GARBAGE',
  'endless-white-space': 'MODEL_GARBAGE',
  'usage-negative': 'answers',
  'usage-text': 'answers',
  'usage-absurd': 'answers',
  'usage-fraction': 'answers',
  'usage-null': 'answers',
  'usage-empty': 'answers',
  'usage-missing': 'answers',
  'thoughts-only': 'MODEL_GARBAGE',
  'thoughts-until-room': 'answers',
  'thoughts-in-reasoning': 'answers',
  'thoughts-in-reasoning_content': 'answers',
  'thoughts-in-thinking': 'answers',
  'thoughts-in-parts': 'answers',
  'think-tags': 'answers',
  'think-tags-nested': 'answers',
  'think-tags-of-relatives': 'answers',
  'think-tag-unclosed': 'answers',
  'think-tag-unclosed-before': 'MODEL_GARBAGE',
  'think-tag-closed-only': 'answers',
  harmony: 'answers',
  'no-schema': 'answers',
  'no-json-mode': 'answers',
  'no-temperature': 'answers',
  'no-seed': 'answers',
  'no-max-tokens': 'answers',
  'no-limit': 'answers',
  'no-stream-options': 'answers',
  'no-think': 'answers',
  'no-window': 'answers',
  'nothing-but-messages': 'answers',
  fenced: 'answers',
  'smart-quotes': 'answers',
  'single-quotes': 'answers',
  'trailing-commas': 'answers',
  'duplicate-keys': 'answers',
  'not-a-number': { all: 'answers', judge: 'MODEL_GARBAGE' },
  'prose-around': 'answers',
  'long-reason': 'answers',
  'brace-missing': 'answers',
  'spelled-out': 'answers',
  'json-in-thoughts-only': { all: 'answers', judge: 'MODEL_GARBAGE' },
};

export function outcomesIn(habit: string, wire: Wire, role: Role): readonly (Outcome | undefined)[] {
  const row = faultTable[habit];
  if (row === undefined || typeof row === 'string') return [row];
  if (!('all' in row)) return row;
  if (role === 'judge' && row.judge !== undefined) return [row.judge];
  return [wire === 'ollama' && row.ollama !== undefined ? row.ollama : row.all];
}
