import { debateKind, replayKind } from './debate/kinds.ts';
import type { StreamKind } from './stream-kind.ts';

/** Every kind of stream that users see. */
export const streamKinds: readonly StreamKind[] = [debateKind, replayKind];
