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
  (kind) => !known.includes(kind.name) && startOf(kind) !== undefined,
);

/** Path and form of the route that starts a stream of a kind, with the first agent where it names one. */
function startOf({ path }: StreamKind): { readonly path: string; readonly post: Operation } | undefined {
  for (const [at, { post }] of Object.entries(documented)) {
    if (post !== undefined && at.endsWith(`/${path}`)) return { path: at.replace('{name}', 'calculator'), post };
  }
  return undefined;
}

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
    const { path, post } = startOf(kind) ?? { path: '', post: {} };
    const [example] = Object.values(post.requestBody?.content['application/json']?.examples ?? {});
    const { id } = (await gateway.post(path, example?.value ?? {}, headers)).json as { id: string };
    ids.set(kind.path, id);
    await publish(gateway.bus, lastFactOf(kind, id, tenant));
  }
  return ids;
}

/** Starts a run of an agent that asks what the examples of its messages ask. @returns its id */
export async function askingRun(gateway: RunningGateway, headers?: Headers, tenant?: string): Promise<string> {
  const reply = await gateway.post('/v1/agents/calculator/runs', { input: 'Mail it.' }, { ...headers });
  const { id: subject } = reply.json as { id: string };
  const of = tenant === undefined ? {} : { tenant };
  const facts = ['run-started.v1', 'question-asked.v1'].map((type, i): Message => {
    const sequence = i + 1;
    const time = new Date(1_800_000_000_000 + sequence).toISOString();
    return {
      id: `run/${subject}/${sequence}`,
      type,
      source: 'agent',
      subject,
      time,
      sequence,
      data: examples[type],
      ...of,
    };
  });
  await publish(gateway.bus, facts);
  return subject;
}
