/** How many opening braces are tried before a text is held to contain no object. */
const maxCandidates = 32;

/**
 * The first JSON object in a model's answer, whatever stands around it: thoughts, code fences, polite sentences.
 * Undefined when there is none; an unfinished object is none.
 */
export function firstJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const answer = withoutThoughts(text);
  let from = answer.indexOf('{');
  for (let n = 0; from >= 0 && n < maxCandidates; n += 1) {
    const to = endOfObject(answer, from);
    const value = to < 0 ? undefined : parsed(answer.slice(from, to));
    if (value !== undefined) return value;
    from = answer.indexOf('{', from + 1);
  }
  return undefined;
}

/** Reasoning models put drafts, braces included, before the answer. */
function withoutThoughts(text: string): string {
  const end = text.lastIndexOf('</think>');
  return end < 0 ? text : text.slice(end + '</think>'.length);
}

/** Index after the brace that closes the one at `from`, or -1. Braces within strings do not count. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let isString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (isString) {
      if (char === '\\') at += 1;
      else if (char === '"') isString = false;
    } else if (char === '"') isString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Balanced but not JSON, such as {winner: X}: the next brace may open the real one.
    return undefined;
  }
}
