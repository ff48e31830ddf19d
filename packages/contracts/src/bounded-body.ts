/** Bounds within which a body is read, whatever its sender sends. */
export interface BodyBounds {
  readonly bytes: number;
  /** Longest time from the first read to the last. */
  readonly ms: number;
}

/** A body that went beyond a bound. Its rest was cancelled. */
export class BodyBeyondBound extends Error {
  readonly bound: keyof BodyBounds;

  constructor(bound: keyof BodyBounds, { bytes, ms }: BodyBounds) {
    super(bound === 'bytes' ? `the answer is longer than ${bytes} bytes` : `the answer was not whole within ${ms} ms`);
    this.name = 'BodyBeyondBound';
    this.bound = bound;
  }
}

type Body = ReadableStream<Uint8Array> | null;

/** @throws BodyBeyondBound, or what the body failed with */
export async function readText(body: Body, bounds: BodyBounds): Promise<string> {
  return new TextDecoder().decode(await readBytes(body, bounds));
}

/** @throws BodyBeyondBound, SyntaxError, or what the body failed with */
export async function readJson(body: Body, bounds: BodyBounds): Promise<unknown> {
  return JSON.parse(await readText(body, bounds));
}

/** @throws BodyBeyondBound, or what the body failed with */
export async function readBytes(body: Body, bounds: BodyBounds): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, end, failure } = await collect(body, bounds);
  if (end === 'failed') throw failure;
  if (end !== 'whole') throw new BodyBeyondBound(end, bounds);
  return bytes;
}

/** The beginning of a body as text, such as an error's; the rest is cancelled. Never rejects. */
export async function readHead(body: Body, bounds: BodyBounds): Promise<string> {
  const { bytes } = await collect(body, bounds);
  return new TextDecoder().decode(bytes);
}

interface Collected {
  /** Bytes read, never more than the bound. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: 'whole' | 'failed' | keyof BodyBounds;
  readonly failure?: unknown;
}

/** Into one buffer that grows: a list of chunks of one byte each would take a hundred times their length. */
async function collect(body: Body, bounds: BodyBounds): Promise<Collected> {
  if (body === null) return { bytes: new Uint8Array(), end: 'whole' };
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  let isLate = false;
  // A cancelled reader answers a read that waits with its end.
  const timer = setTimeout(() => {
    isLate = true;
    cancel();
  }, bounds.ms);
  let buffer = new Uint8Array(Math.min(bounds.bytes, 16_384));
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) return { bytes: buffer.subarray(0, size), end: 'ms' };
      if (done) return { bytes: buffer.subarray(0, size), end: 'whole' };
      const taken = value.subarray(0, bounds.bytes - size);
      if (size + taken.length > buffer.length) {
        const grown = new Uint8Array(Math.min(bounds.bytes, Math.max(buffer.length * 2, size + taken.length)));
        grown.set(buffer.subarray(0, size));
        buffer = grown;
      }
      buffer.set(taken, size);
      size += taken.length;
      if (taken.length < value.length) {
        cancel();
        return { bytes: buffer.subarray(0, size), end: 'bytes' };
      }
    }
  } catch (failure) {
    return { bytes: buffer.subarray(0, size), end: isLate ? 'ms' : 'failed', failure };
  } finally {
    clearTimeout(timer);
  }
}
