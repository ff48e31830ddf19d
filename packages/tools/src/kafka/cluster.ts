import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { readKept } from '../component-place.ts';
import { isContainer, nativeOrContainer } from '../container/choice.ts';
import { type EngineName, engineOf } from '../container/engine.ts';
import { forgetLock, withLock } from '../file-lock.ts';
import type { Broker } from './broker.ts';
import { answers, configure, javaFlags, type Node, processBroker } from './broker-process.ts';
import { type BrokerPrograms, findPrograms } from './broker-programs.ts';
import { brokerPort, brokersOf, claimPorts, freeBlock, nodesOf, portsOf } from './broker-settings.ts';
import { type KafkaOptions, type Kept, type Place, placeOf } from './cluster-place.ts';
import { type ContainerKept, checkContainer, containerBroker } from './container-broker.ts';

const lockOptions = { code: 'BUS_UNAVAILABLE', timeoutMs: 600_000 } as const;
const shared = '-Xshare:auto';

type ProcessKept = Kept & BrokerPrograms;
type AnyKept = ProcessKept | ContainerKept;

export interface KafkaUpOptions extends KafkaOptions {
  /** Brokers of a new cluster, each a controller too: 1 or 3. */
  readonly brokers?: 1 | 3;
  /** The first broker's port; the next ones follow, their controllers ten above. Without it: kept, or free ones. */
  readonly port?: number;
  /** Server settings of a new cluster beyond ours, such as `{ 'log.retention.ms': '1000' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** SCRAM passwords by user name, for both of its mechanisms. */
  readonly scramUsers?: Readonly<Record<string, string>>;
  /** Progress, a line at a time. */
  readonly say?: (line: string) => void;
}

export interface KafkaNodeInfo {
  readonly node: number;
  readonly address: string;
  /** Undefined when it does not run. */
  readonly pid: number | undefined;
  readonly isServing: boolean;
  readonly logFile: string;
}

/** A cluster that has been started; not every node need run. `brokers` is what KAFKA_BROKERS wants. */
export interface KafkaInfo {
  readonly brokers: string;
  readonly version: string;
  readonly source: BrokerPrograms['source'] | EngineName;
  readonly nodes: readonly KafkaNodeInfo[];
}

/** `kill9` is a crash: the page cache lives on, so it is no power cut. `pause` leaves the connections open and silent. */
export const nodeActions = ['kill9', 'stop', 'start', 'pause', 'resume'] as const;
export type KafkaNodeAction = (typeof nodeActions)[number];

/**
 * Starts the cluster, making it first when there is none, and resolves when every node serves. Idempotent.
 * @throws ParleyError BUS_UNAVAILABLE, PORT_IN_USE, CONFIG_INVALID (the name, another number of brokers)
 */
export async function kafkaUp(options: KafkaUpOptions = {}): Promise<KafkaInfo> {
  const at = placeOf(options);
  const say = options.say ?? (() => {});
  await withLock(
    at.lock,
    async () => {
      const known = await readKept<AnyKept>(at);
      if (known && options.brokers !== undefined && known.count !== options.brokers) {
        throw invalid(
          `Cluster ${at.name} has ${known.count} broker(s), not ${options.brokers}; use "down --purge" first.`,
        );
      }
      const kept = known ?? (await make(at, options, say));
      const brokers = brokersAt(at, kept);
      for (const broker of brokers) await broker.start();
      await Promise.all(brokers.map((broker) => broker.untilReady()));
    },
    lockOptions,
  );
  return (await kafkaStatus(options)) as KafkaInfo;
}

/** Undefined for a cluster that has never been started, or was purged. */
export async function kafkaStatus(options: KafkaOptions = {}): Promise<KafkaInfo | undefined> {
  const at = placeOf(options);
  const kept = await readKept<AnyKept>(at);
  if (kept === undefined) return undefined;
  const nodes = nodesOf(kept.count).map(async (node): Promise<KafkaNodeInfo> => {
    const broker = brokerAt(at, kept, node);
    const pid = await broker.pid();
    const port = brokerPort(kept.port, node);
    const isServing = pid !== undefined && (await answers(port));
    return { node, address: `127.0.0.1:${port}`, pid, isServing, logFile: broker.logFile };
  });
  const { version, source } = kept;
  return { brokers: brokersOf(kept.port, kept.count), version, source, nodes: await Promise.all(nodes) };
}

/** Stops every node; with `isPurged` the cluster and all its data go too, and then quickly. The programs stay. */
export async function kafkaDown(options: KafkaOptions & { readonly isPurged?: boolean } = {}): Promise<void> {
  const at = placeOf(options);
  await withLock(
    at.lock,
    async () => {
      const kept = await readKept<AnyKept>(at);
      const brokers = kept === undefined ? [] : brokersAt(at, kept);
      // All at once: a node that stops alone waits for a majority that the others no longer are.
      await Promise.all(brokers.map((broker) => broker.stop(options.isPurged ? 'SIGKILL' : 'SIGTERM')));
      if (options.isPurged) for (const broker of brokers) await broker.remove();
      if (options.isPurged) await rm(at.folder, { recursive: true, force: true });
    },
    lockOptions,
  );
  if (options.isPurged) await forgetLock(at.lock);
}

/**
 * Loses or regains one node; `start` resolves when it serves.
 * @throws ParleyError BUS_UNAVAILABLE: there is no such cluster or node, or it does not come up.
 */
export async function kafkaNode(node: number, action: KafkaNodeAction, options: KafkaOptions = {}): Promise<void> {
  const at = placeOf(options);
  const kept = await readKept<AnyKept>(at);
  if (kept === undefined || !nodesOf(kept.count).includes(node)) {
    throw unavailable(`Cluster ${at.name} has no node ${node}; "status" lists what there is.`);
  }
  const broker = brokerAt(at, kept, node);
  const act = async () => {
    switch (action) {
      case 'kill9':
        return broker.stop('SIGKILL');
      case 'stop':
        return broker.stop('SIGTERM');
      case 'pause':
        return broker.signal('SIGSTOP');
      case 'resume':
        return broker.signal('SIGCONT');
      case 'start':
        await broker.start();
        return broker.untilReady();
      default:
        return action satisfies never;
    }
  };
  await withLock(at.lock, act, lockOptions);
}

function nodeOf(at: Place, { count, port, settings }: Kept, node: number): Node {
  return { folder: join(at.folder, String(node)), node, count, port, settings };
}

function brokerAt(at: Place, kept: AnyKept, node: number): Broker {
  if (isContainer<AnyKept>(kept)) return containerBroker(engineOf(kept.source), at.name, kept);
  return processBroker(nodeOf(at, kept, node), kept, () => archiveFlag(at, kept));
}

const brokersAt = (at: Place, kept: AnyKept): Broker[] => nodesOf(kept.count).map((node) => brokerAt(at, kept, node));

async function make(at: Place, options: KafkaUpOptions, say: (line: string) => void): Promise<AnyKept> {
  const count = options.brokers ?? 1;
  const claim = async (port: number) => {
    for (const node of nodesOf(count)) await claimPorts(port, node);
  };
  // Known before anything is downloaded or made.
  if (options.port !== undefined) await claim(options.port);
  const find = () => findPrograms(at.home, say);
  // What is named is meant.
  const programs = process.env.KAFKA_HOME ? await find() : await nativeOrContainer(find, 'kafka', say);
  if (isContainer(programs)) checkContainer(options);
  else await makeArchive(at, programs, say);
  const port = options.port ?? (await freeBlock(at.name, count));
  await claim(port);
  say(`Kafka takes the ports ${portsOf(port, count)}.`);
  const clusterId = newClusterId();
  const about = { count, port, settings: options.settings ?? {} };
  await rm(at.folder, { recursive: true, force: true });
  await mkdir(at.folder, { recursive: true });
  const kept: AnyKept = isContainer(programs) ? { ...programs, ...about, clusterId } : { ...programs, ...about };
  if (!isContainer<AnyKept>(kept)) await format(at, kept, clusterId, await archiveFlag(at, kept), options.scramUsers);
  // Last: a cluster whose making was cut short is made again.
  await writeFile(at.kept, JSON.stringify(kept));
  return kept;
}

/** No "-" at its beginning: the tools would take it for a flag. */
const newClusterId = () => randomBytes(16).toString('base64url').replace(/^-/, 'A');

async function format(
  at: Place,
  kept: ProcessKept,
  id: string,
  archive: string,
  users: KafkaUpOptions['scramUsers'] = {},
): Promise<void> {
  const credentials = Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((each) => [
      '--add-scram',
      `${each}=[name=${name},password=${password}]`,
    ]),
  );
  for (const each of nodesOf(kept.count)) {
    const node = nodeOf(at, kept, each);
    await configure(node);
    const tool = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', join(node.folder, 'server.properties')];
    const flags = javaFlags(kept, node.folder, archive);
    const made = await runCommand(kept.java, [...flags, ...tool, ...credentials]);
    if (made.code !== 0) throw unavailable(`Kafka could not format its folder: ${made.output.trim().slice(-1_000)}`);
  }
}

const archiveOf = (at: Place, { version }: BrokerPrograms) => join(at.home, 'kafka-server', version, 'classes.jsa');

async function archiveFlag(at: Place, programs: BrokerPrograms): Promise<string> {
  const archive = archiveOf(at, programs);
  return programs.source === 'maven' && existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : shared;
}

/** Starts one broker once, to write the archive of its classes. */
async function makeArchive(at: Place, programs: BrokerPrograms, say: (line: string) => void): Promise<void> {
  const archive = archiveOf(at, programs);
  const train = async () => {
    if (programs.source !== 'maven' || existsSync(archive)) return;
    say('Making the class archive, once …');
    const place = { ...at, folder: join(dirname(archive), 'training') };
    const kept = { ...programs, count: 1, port: await freeBlock('training', 1), settings: {} };
    const broker = processBroker(nodeOf(place, kept, 1), kept, async () => `-XX:ArchiveClassesAtExit=${archive}.new`);
    try {
      await rm(place.folder, { recursive: true, force: true });
      await mkdir(place.folder, { recursive: true });
      await format(place, kept, newClusterId(), shared);
      await broker.start();
      await broker.untilReady();
      await broker.stop('SIGTERM');
      if (existsSync(`${archive}.new`)) await rename(`${archive}.new`, archive);
    } finally {
      await broker.stop('SIGKILL');
      await rm(place.folder, { recursive: true, force: true });
    }
  };
  await withLock(join(at.home, 'kafka-server', 'training.lock'), train, lockOptions);
}

function unavailable(why: string): ParleyError {
  return new ParleyError('BUS_UNAVAILABLE', why);
}

function invalid(why: string): ParleyError {
  return new ParleyError('CONFIG_INVALID', why);
}
