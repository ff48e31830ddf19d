import { type Fact, readFact, type StreamKind } from '@parley/contracts';
import type { Sql } from '@parley/spine';
import type { Route } from '../api/route.ts';
import type { Piece, Presented } from '../domain/presented.ts';
import type { AgentPort } from './agent-port.ts';
import type { Command } from './command.ts';
import type { StreamEvent } from './event-store.ts';
import type { Delta } from './hub.ts';
import type { Listed, StreamStore } from './stream-store.ts';
import type { Streams } from './streams.ts';

/** What every feature may work on. */
export interface FeatureParts {
  readonly command: Command;
  readonly streams: Streams;
  readonly store: StreamStore;
  /** @throws ParleyError TOKEN_QUOTA where the tenant has no tokens left */
  checkQuota(tx: Sql, tenant: string): Promise<void>;
}

/** What the gateway adds to a kind of stream. */
export interface Feature<Summary extends object = object, Parts extends FeatureParts = FeatureParts> {
  readonly kind: StreamKind;
  /**
   * What lists show of a stream after one more fact; undefined for a fact that changes nothing listed, whatever came
   * before. Pure. `before` is undefined for a stream that was not accepted here.
   * @param at when the fact was decided, RFC 3339
   */
  evolve(before: Listed<Summary> | undefined, fact: Fact, at: string): Listed<Summary> | undefined;
  /** What a fact is to every protocol; undefined for one of no interest. Pure. */
  present(fact: Fact): Presented | undefined;
  /** The piece of a text that a delta is; absent for a kind without deltas. Pure. */
  piece?(delta: Delta): Piece | undefined;
  /** Routes of its own, beside those that every kind has. They say what they are without what they work on. */
  routes?(parts: Parts): readonly Route[];
  /** What protocols ask by name. */
  agents?(parts: Parts): readonly AgentPort[];
}

/** A feature whose summary's form, and whose parts, only it knows. */
// biome-ignore lint/suspicious/noExplicitAny: features of different forms stand in one list.
export type AnyFeature = Feature<any, any>;

/** What an event is to every protocol; nothing of it for one that this build cannot read. */
export function presentedBy(
  feature: Pick<AnyFeature, 'present'>,
  event: Pick<StreamEvent, 'type' | 'data'>,
): Presented {
  const read = readFact(event);
  return (read.ok ? feature.present(read.fact) : undefined) ?? {};
}

/** Features by the names of their kinds. */
export type Features = ReadonlyMap<string, AnyFeature>;

export function featuresByKind(features: readonly AnyFeature[]): Features {
  return new Map(features.map((feature) => [feature.kind.name, feature]));
}
