import type { Delivery, MessageBus } from '@parley/bus';
import { type Topic, topics } from '@parley/contracts';
import type { Database } from '@parley/spine';
import type { Delta, Hub } from './hub.ts';
import { newsChannel } from './projection.ts';

export interface FeedDeps {
  readonly db: Database;
  readonly bus: MessageBus;
  readonly service: string;
  readonly hub: Hub;
  /** Topics beside those of facts, with what takes them in. */
  readonly others: { readonly topics: readonly string[]; handle(batch: readonly Delivery[]): Promise<void> };
  /** Takes facts in. */
  project(batch: readonly Delivery[]): Promise<void>;
  /** Another replica has taken facts in. */
  onNews(): void;
  /** Records what is no message. */
  onInvalid: NonNullable<Parameters<MessageBus['subscribe']>[0]['onInvalid']>;
}

/** Feeds the hub: facts from the bus, news of other replicas, deltas as they come. @returns stops it */
export async function startFeed(deps: FeedDeps): Promise<() => Promise<void>> {
  const { db, bus, hub, service, others } = deps;
  const otherTopics: ReadonlySet<string> = new Set(others.topics);
  const subscription = await bus.subscribe({
    topics: [...factTopicsOf(service), ...others.topics],
    group: service,
    handler: (batch) => (otherTopics.has(batch[0]?.topic ?? '') ? others.handle(batch) : deps.project(batch)),
    // What is no message among the others has no further topic to go to; the bus reports it.
    onInvalid: async (place, raw, reason) => {
      if (!otherTopics.has(place.topic)) await deps.onInvalid(place, raw, reason);
    },
  });
  const stopNews = db.signals.listen(newsChannel, (ids) => {
    deps.onNews();
    if (ids === '') hub.news();
    else for (const id of ids.split(',')) hub.news(id);
  });
  const stopDeltas = bus.onBroadcast(topics.deltas.name, (message) =>
    hub.delta(message.subject, message.data as Delta),
  );
  return async () => {
    stopDeltas();
    stopNews();
    await subscription.stop();
  };
}

/** Topics of facts: the durable ones that name the service as a reader. */
function factTopicsOf(service: string): string[] {
  return Object.values<Topic>(topics).flatMap(({ name, readers, isDurable }) =>
    isDurable && readers.includes(service) ? name : [],
  );
}
