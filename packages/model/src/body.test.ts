import { expect, test } from '@jest/globals';
import { createLineBuffer, readPieces } from './body.ts';

test('lines come whole however the pieces are cut', () => {
  const buffer = createLineBuffer();
  expect([...'ab\n\ncd\ne'].flatMap((piece) => buffer.push(piece))).toEqual(['ab', 'cd']);
  expect(buffer.rest()).toBe('e');
});

test('a line without an end is given up', () => {
  const buffer = createLineBuffer();
  expect(() => buffer.push('x'.repeat(1_000_001))).toThrow(/a line of more than/);
});

function endless() {
  const seen = { isCancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x')),
    cancel() {
      seen.isCancelled = true;
    },
  });
  return { body, seen };
}

test('having enough cancels the body', async () => {
  const { body, seen } = endless();
  const pieces: string[] = [];
  expect(await readPieces(body, 1_000, (piece) => pieces.push(piece) < 3)).toBe('enough');
  expect(pieces).toEqual(['x', 'x', 'x']);
  expect(seen.isCancelled).toBe(true);
});

test('a body without end is left after its bound in bytes', async () => {
  const { body, seen } = endless();
  let characters = 0;
  const take = (piece: string) => {
    characters += piece.length;
    return true;
  };
  expect(await readPieces(body, 1_000, take)).toBe('beyond');
  expect(characters).toBe(1_000);
  expect(seen.isCancelled).toBe(true);
});
