import { defaultTenant, type Fact, type Message, readFact } from '@parley/contracts';
import type { Sql } from '@parley/spine';
import { z } from 'zod';
import { everyTenant } from '../access/tenant.ts';
import { type EventStore, maxEvents } from './event-store.ts';
import type { AnyFeature, Features } from './feature.ts';
import type { ParkedStore } from './parked-store.ts';
import { parkedStatus } from './status-words.ts';
import type { Listed, StreamRow } from './stream-store.ts';

export interface ParkedProjectionDeps {
  readonly features: Features;
  readonly parked: ParkedStore;
  readonly events: EventStore;
}

type Report = Fact<'stream-parked.v1' | 'stream-unparked.v1'>;
const types: ReadonlySet<string> = new Set<Report['type']>(['stream-parked.v1', 'stream-unparked.v1']);
const uuid = z.uuid();

/** Takes in reports of streams that a service has set aside, or goes on with. */
export function createParkedProjection({ features, parked, events }: ParkedProjectionDeps) {
  const isReport = ({ type }: Message): boolean => types.has(type);

  function reportOf(message: Message): Report | undefined {
    const read = isReport(message) ? readFact(message) : undefined;
    return read?.ok === true ? (read.fact as Report) : undefined;
  }
  const featureOf = ({ data: { kind, stream } }: Report): AnyFeature | undefined =>
    uuid.safeParse(stream).success ? features.get(kind) : undefined;

  /** The stream as its own facts describe it. */
  async function told(tx: Sql, feature: AnyFeature, stream: string): Promise<Listed | undefined> {
    let listed: Listed | undefined;
    for (const event of await events.after(tx, everyTenant, stream, 0, maxEvents)) {
      const read = readFact(event);
      if (read.ok) listed = feature.evolve(listed, read.fact, event.at) ?? listed;
    }
    return listed;
  }

  async function statusAfter(tx: Sql, message: Message, report: Report): Promise<string | undefined> {
    const feature = featureOf(report);
    if (report.type === 'stream-unparked.v1') {
      if (!(await parked.settle(tx, report.data, message.time)) || feature === undefined) return undefined;
      return (await told(tx, feature, report.data.stream))?.status ?? 'accepted';
    }
    const isNew = await parked.add(tx, message.tenant ?? defaultTenant, message.id, report.data, message.time);
    // A stream that is set aside again must have been tried in between.
    if (isNew) await parked.settle(tx, report.data, message.time);
    return isNew && feature !== undefined ? parkedStatus : undefined;
  }

  return {
    isReport,

    /** The stream that the report changes, if users see it. */
    changedBy(message: Message): string | undefined {
      const report = reportOf(message);
      return report === undefined || featureOf(report) === undefined ? undefined : report.data.stream;
    },

    /** Records the report. @returns the row of the stream that it changes, if it changes one that users see */
    async take(tx: Sql, message: Message, rows: ReadonlyMap<string, StreamRow>): Promise<StreamRow | undefined> {
      const report = reportOf(message);
      const status = report && (await statusAfter(tx, message, report));
      if (report === undefined || status === undefined) return undefined;
      const { kind, stream: id } = report.data;
      const unseen = { title: '', summary: {}, createdAt: message.time, closedAt: null, parent: null };
      return { ...(rows.get(id) ?? unseen), id, kind, tenant: message.tenant ?? defaultTenant, status };
    },
  };
}
export type ParkedProjection = ReturnType<typeof createParkedProjection>;
