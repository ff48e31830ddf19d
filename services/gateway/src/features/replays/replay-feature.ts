import { replayKind } from '@parley/contracts/debate';
import type { Feature, FeatureParts } from '../../streams/feature.ts';
import { evolveReplay, type ReplayListing } from './replay-listing.ts';
import { presentReplay } from './replay-presented.ts';
import { replayRoutes } from './replay-routes.ts';
import type { Replays } from './replays.ts';

export const replayFeature: Feature<ReplayListing, FeatureParts & { readonly replays: Replays }> = {
  kind: replayKind,
  evolve: evolveReplay,
  present: presentReplay,
  routes: replayRoutes,
};
