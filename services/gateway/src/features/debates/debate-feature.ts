import { debateKind } from '@parley/contracts/debate';
import type { Feature } from '../../streams/feature.ts';
import { type ArticleDeps, articleRoutes } from './article.ts';
import { debateAgents } from './debate-agents.ts';
import { type DebateListing, evolveDebate } from './debate-listing.ts';
import { pieceOfTurn, presentDebate } from './debate-presented.ts';
import { debateRoutes } from './debate-routes.ts';

export const debateFeature: Feature<DebateListing, ArticleDeps> = {
  kind: debateKind,
  evolve: evolveDebate,
  present: presentDebate,
  piece: pieceOfTurn,
  routes: (parts) => [...debateRoutes(parts), ...articleRoutes(parts)],
  agents: ({ debates, streams }) => debateAgents(debates, streams),
};
