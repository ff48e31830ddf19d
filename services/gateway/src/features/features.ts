import type { AnyFeature, FeatureParts } from '../streams/feature.ts';
import { debateFeature } from './debates/debate-feature.ts';
import type { Debates } from './debates/debates.ts';
import { replayFeature } from './replays/replay-feature.ts';
import type { Replays } from './replays/replays.ts';
import { runFeature } from './runs/run-feature.ts';

/** What the features of this build work on. */
export interface OwnParts extends FeatureParts {
  readonly debates: Debates;
  readonly replays: Replays;
}

/** Every kind of stream that the gateway shows. The first agent of the first one is the platform itself. */
export const features: readonly AnyFeature[] = [debateFeature, replayFeature, runFeature];
