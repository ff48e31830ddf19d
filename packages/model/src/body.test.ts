import { expect, test } from '@jest/globals';
import { createLineBuffer, pieces } from './body.ts';

test('lines come whole however the pieces are cut', () => {
  const buffer = createLineBuffer();
  expect([...'ab\n\ncd\ne'].flatMap((piece) => buffer.push(piece))).toEqual(['ab', 'cd']);
  expect(buffer.rest()).toBe('e');
});

test('a line without an end is given up', () => {
  const buffer = createLineBuffer();
  expect(() => buffer.push('x'.repeat(1_000_001))).toThrow(/a line of more than/);
});

test('leaving the loop cancels the body', async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x')),
    cancel() {
      isCancelled = true;
    },
  });
  for await (const piece of pieces(body)) {
    expect(piece).toBe('x');
    break;
  }
  expect(isCancelled).toBe(true);
});
