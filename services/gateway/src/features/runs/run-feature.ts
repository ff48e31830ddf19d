import { runKind } from '@parley/contracts/run';
import type { Feature } from '../../streams/feature.ts';
import { runAgents } from './run-agents.ts';
import { evolveRun, type RunListing } from './run-listing.ts';
import { presentRun } from './run-presented.ts';
import { runRoutes } from './run-routes.ts';

export const runFeature: Feature<RunListing> = {
  kind: runKind,
  evolve: evolveRun,
  present: presentRun,
  routes: runRoutes,
  agents: runAgents,
};
