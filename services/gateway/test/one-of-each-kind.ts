import { globSync, readFileSync } from 'node:fs';
import { type Message, type StreamKind, streamKinds } from '@parley/contracts';
import { openApiDocument } from '../src/openapi.ts';
import type { Headers } from './credentials.ts';
import { publish } from './fake-moderator.ts';
import type { RunningGateway } from './running-gateway.ts';

const contexts = new URL('../../../packages/contracts/src/', import.meta.url);
const examples: Readonly<Record<string, object>> = Object.assign(
  {},
  ...globSync('*/examples.json', { cwd: contexts.pathname }).map((file) =>
    JSON.parse(readFileSync(new URL(file, contexts), 'utf8')),
  ),
);
interface Operation {
  readonly requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> };
}
const documented: Readonly<Record<string, Readonly<Record<string, Operation>>>> = openApiDocument().paths;
/** Those that tests have facts of their own for. */
const known = ['debate', 'replay'];

/** Kinds that a route of their own starts, beside debates and replays. */
export const otherKinds: readonly StreamKind[] = streamKinds.filter(
  ({ name, path }) => !known.includes(name) && documented[`/v1/${path}`]?.post !== undefined,
);

/** The last fact of a stream of a kind, if the kind has one. */
export function lastFactOf({ name, service: source, last }: StreamKind, subject: string, tenant?: string): Message[] {
  const of = tenant === undefined ? {} : { tenant };
  const time = new Date(1_800_000_000_000).toISOString();
  const ending = (type: string): Message => ({
    ...{ id: `${name}/${subject}/1`, type, source, subject, time, sequence: 1, data: examples[type], ...of },
  });
  return last.slice(0, 1).map(ending);
}

/** Starts a stream of each of the other kinds by the example of its route, and ends it. @returns ids by the kinds' paths */
export async function oneOfEachKind(gateway: RunningGateway, headers: Headers, tenant: string) {
  const ids = new Map<string, string>();
  for (const kind of otherKinds) {
    const { requestBody } = { ...documented[`/v1/${kind.path}`]?.post };
    const [example] = Object.values(requestBody?.content['application/json']?.examples ?? {});
    const { id } = (await gateway.post(`/v1/${kind.path}`, example?.value ?? {}, headers)).json as { id: string };
    ids.set(kind.path, id);
    await publish(gateway.bus, lastFactOf(kind, id, tenant));
  }
  return ids;
}
