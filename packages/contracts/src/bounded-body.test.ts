import { expect, test } from '@jest/globals';
import { type BodyBounds, readBytes, readHead, readJson, readText } from './bounded-body.ts';

const bounds: BodyBounds = { bytes: 1_000, ms: 5_000 };

/** A body that gives the pieces and then, as told, ends, fails or waits for ever. */
function bodyOf(pieces: readonly string[], then: 'end' | 'fail' | 'wait' | 'repeat' = 'end') {
  const seen = { sent: 0, isCancelled: false };
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = then === 'repeat' ? pieces[0] : pieces[at++];
      if (piece !== undefined) {
        seen.sent += piece.length;
        controller.enqueue(new TextEncoder().encode(piece));
      } else if (then === 'end') controller.close();
      else if (then === 'fail') controller.error(new Error('reset'));
      else await new Promise(() => undefined);
    },
    cancel() {
      seen.isCancelled = true;
    },
  });
  return { body, seen };
}

test('a whole body is read, characters over two pieces included', async () => {
  const bytes = new TextEncoder().encode('{"a":"é"}');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readJson(body, bounds)).toEqual({ a: 'é' });
  expect(await readText(null, bounds)).toBe('');
});

test('a body of exactly the bound is whole; one byte more is refused and cancelled', async () => {
  expect(await readBytes(bodyOf(['x'.repeat(600), 'y'.repeat(400)]).body, bounds)).toHaveLength(1_000);
  const { body, seen } = bodyOf(['x'.repeat(600), 'y'.repeat(401)], 'wait');
  await expect(readBytes(body, bounds)).rejects.toMatchObject({ bound: 'bytes' });
  expect(seen.isCancelled).toBe(true);
});

test('an endless body is left after its bound in bytes', async () => {
  const { body, seen } = bodyOf(['x'.repeat(64)], 'repeat');
  await expect(readText(body, bounds)).rejects.toMatchObject({ bound: 'bytes' });
  expect(seen.isCancelled).toBe(true);
  expect(seen.sent).toBeLessThan(2_000);
});

test('a body that dribbles is left after its bound in time', async () => {
  const { body, seen } = bodyOf(['x'], 'wait');
  await expect(readText(body, { ...bounds, ms: 20 })).rejects.toMatchObject({ bound: 'ms' });
  expect(seen.isCancelled).toBe(true);
});

test('the head of a body is what came, however the body ends', async () => {
  expect(await readHead(bodyOf(['x'.repeat(2_000)], 'wait').body, bounds)).toBe('x'.repeat(1_000));
  expect(await readHead(bodyOf(['no such model'], 'fail').body, bounds)).toBe('no such model');
  expect(await readHead(bodyOf(['no such model'], 'wait').body, { ...bounds, ms: 20 })).toBe('no such model');
  expect(await readHead(null, bounds)).toBe('');
});

test('what a body fails with is passed on', async () => {
  await expect(readText(bodyOf(['x'], 'fail').body, bounds)).rejects.toThrow('reset');
});
