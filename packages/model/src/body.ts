/** State in which a body was left: read to its end, rest unread because it was enough, or beyond its bound in bytes. */
export type Reading = 'whole' | 'enough' | 'beyond';

/**
 * Gives the decoded text of a body to `take`, piece by piece as the network delivers it: a piece is neither a line nor
 * an event, and a character may be spread over two. Ends when `take` says false or after `mostBytes`; the request is then
 * cancelled, which stops the generation.
 */
export async function readPieces(
  body: ReadableStream<Uint8Array> | null,
  mostBytes: number,
  take: (piece: string) => boolean,
): Promise<Reading> {
  if (body === null) return 'whole';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let bytes = 0;
  let hasEnded = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes > mostBytes) return 'beyond';
      if (!take(decoder.decode(value, { stream: true }))) return 'enough';
    }
    hasEnded = true;
    const rest = decoder.decode();
    if (rest !== '') take(rest);
    return 'whole';
  } finally {
    // A body that failed has nothing left to cancel and says so by rejecting.
    if (!hasEnded) reader.cancel().catch(() => undefined);
  }
}

/** Longest line, in characters, that is waited for. */
export const lineLimit = 1_000_000;

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
