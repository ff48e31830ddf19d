import { markAt } from './thought-marks.ts';

/** A piece of a model's output, split. Either part may be empty. */
export interface Split {
  readonly text: string;
  readonly thought: string;
  /** What was passed on as text so far was thoughts: their end came without their beginning. */
  readonly isVoid: boolean;
}

/** Splits a stream of text into the answer and the thoughts around and within it. */
export interface ThoughtSplitter {
  push(piece: string): Split;
  /** What was held back as a possible mark, and the answer behind thoughts whose marks do not pair. */
  end(): Split;
}

/** Most characters that are kept of what follows the last end of a thought while another is still open. */
const keptBehind = 200_000;

/**
 * States, and what leaves them: answer, left by an opening tag, or by a harmony token for a header; thought, of a depth,
 * left by as many closing tags; header, left by `<|message|>` for the answer (channel "final" or none) or for a thought
 * (any other channel). What is never closed is a thought to its end, except that an answer swallowed by an opening tag
 * too many is given back.
 *
 * However the text is cut into pieces, the parts are the same.
 * Source of the channels: OpenAI, harmony response format, "Message format".
 */
export function createThoughtSplitter(): ThoughtSplitter {
  let held = '';
  let depth = 0;
  let channel: 'answer' | 'header' | 'thought' = 'answer';
  let header = '';
  let hasText = false;
  /** What followed the last closing tag that left another open. */
  let behind: string | undefined;
  let text = '';
  let thought = '';
  let isVoid = false;

  const take = (part: string): void => {
    if (part === '') return;
    if (channel === 'header') {
      header = (header + part).slice(0, 100);
    } else if (depth > 0 || channel === 'thought') {
      thought += part;
      if (behind !== undefined && behind.length < keptBehind) behind += part;
    } else {
      text += part;
      hasText ||= part.trim() !== '';
    }
  };
  const close = (): void => {
    if (depth > 0) depth -= 1;
    else if (channel === 'answer') {
      // A template may have written the opening tag into the prompt: everything until here was thought.
      thought += text;
      text = '';
      isVoid = true;
      hasText = false;
    }
    behind = depth > 0 ? '' : undefined;
  };
  const token = (name: string): void => {
    if (name === 'channel' || name === 'start') {
      channel = 'header';
      header = '';
    } else if (name === 'message') {
      // Of "final", "assistant" and "analysis to=…" the first word counts.
      const [word = ''] = header.trim().split(/\s/);
      channel = word === '' || word === 'final' || word === 'assistant' ? 'answer' : 'thought';
      depth = 0;
    } else if (name === 'end' || name === 'return' || name === 'call') {
      channel = 'answer';
    }
  };
  const scan = (isLast: boolean): void => {
    let from = 0;
    for (let at = 0; at < held.length; ) {
      const mark = markAt(held, at);
      if (mark === undefined || (mark === 'partial' && isLast)) {
        at += 1;
        continue;
      }
      take(held.slice(from, at));
      if (mark === 'partial') {
        held = held.slice(at);
        return;
      }
      if (mark.kind === 'token') token(mark.name);
      else if (mark.kind === 'open') {
        depth += 1;
      } else if (mark.kind === 'close') close();
      at += mark.length;
      from = at;
    }
    take(held.slice(from));
    held = '';
  };
  const give = (): Split => {
    const split = { text, thought, isVoid };
    text = '';
    thought = '';
    isVoid = false;
    return split;
  };
  return {
    push(piece) {
      held += piece;
      scan(false);
      return give();
    },
    end() {
      scan(true);
      if (depth > 0 && !hasText && behind !== undefined && behind.trim() !== '') text += behind;
      return give();
    },
  };
}

/** The answer in a text that is there as a whole. */
export function withoutThoughts(text: string): string {
  const splitter = createThoughtSplitter();
  const first = splitter.push(text);
  return first.text + splitter.end().text;
}
