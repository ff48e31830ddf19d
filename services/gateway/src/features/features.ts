import type { AnyFeature } from '../streams/feature.ts';
import { debateFeature } from './debates/debate-feature.ts';
import { replayFeature } from './replays/replay-feature.ts';

/** Every kind of stream that the gateway shows. */
export const features: readonly AnyFeature[] = [debateFeature, replayFeature];
