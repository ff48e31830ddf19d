import { ParleyError, type StreamKind, streamKinds } from '@parley/contracts';

/** The kind of that name. @throws ParleyError BAD_REQUEST */
export function kindOf(name: string): StreamKind {
  const found = streamKinds.find((kind) => kind.name === name);
  if (found !== undefined) return found;
  const names = streamKinds.map((kind) => kind.name).join(', ');
  throw new ParleyError('BAD_REQUEST', `"${name}" is no kind of stream; there are ${names}.`);
}
