/**
 * The decoded text of a body, piece by piece as the network delivers it: a piece is neither a line nor an event, and
 * a character may be spread over two. Leaving the loop early cancels the request, which stops the generation.
 */
export async function* pieces(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string, void, void> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let hasEnded = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
    hasEnded = true;
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } finally {
    // A body that failed has nothing left to cancel and says so by rejecting.
    if (!hasEnded) reader.cancel().catch(() => undefined);
  }
}

/** Longest line, in characters, that is waited for. */
const lineLimit = 1_000_000;

/** Cuts pieces into lines. `rest` is what followed the last line break. Throws when a line exceeds a million characters. */
export function createLineBuffer(): { push(piece: string): string[]; rest(): string } {
  let rest = '';
  return {
    push(piece) {
      rest += piece;
      if (!piece.includes('\n')) {
        if (rest.length > lineLimit) throw new Error(`a line of more than ${lineLimit} characters`);
        return [];
      }
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      return lines.filter((line) => line.trim() !== '');
    },
    rest: () => rest.trim(),
  };
}
