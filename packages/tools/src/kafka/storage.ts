import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { withLock } from '../component/file-lock.ts';
import type { ComponentPlace } from '../component/place.ts';
import { untilReady } from '../component/server.ts';
import type { Say } from '../progress.ts';
import { configure, javaFlags, type Node, processBroker } from './broker-process.ts';
import type { BrokerPrograms } from './broker-programs.ts';
import { type ClusterSettings, freeBlock, nodesOf } from './broker-settings.ts';

const code = 'BUS_UNAVAILABLE';
export const startTimeoutMs = 90_000;
const shared = '-Xshare:auto';

export type ProcessKept = ClusterSettings & BrokerPrograms;

export function nodeOf(at: ComponentPlace, { count, port, settings }: ClusterSettings, node: number): Node {
  return { folder: join(at.folder, String(node)), node, count, port, settings };
}

/** No "-" at its beginning: the tools would take it for a flag. */
export const newClusterId = () => randomBytes(16).toString('base64url').replace(/^-/, 'A');

/** Writes every node's settings and the folder that it keeps its log in. */
export async function format(
  at: ComponentPlace,
  kept: ProcessKept,
  id: string,
  archive: string,
  users: Readonly<Record<string, string>> = {},
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
    if (made.code === 0) continue;
    throw new ParleyError(code, `Kafka could not format its folder: ${made.output.trim().slice(-1_000)}`);
  }
}

const archiveOf = (at: ComponentPlace, { version }: BrokerPrograms) =>
  join(at.home, 'kafka-server', version, 'classes.jsa');

/** The flag that names the archive of a broker's classes. */
export async function archiveFlag(at: ComponentPlace, programs: BrokerPrograms): Promise<string> {
  const archive = archiveOf(at, programs);
  return programs.source === 'maven' && existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : shared;
}

/** Starts one broker once, to write the archive of its classes. */
export async function makeArchive(at: ComponentPlace, programs: BrokerPrograms, say: Say): Promise<void> {
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
      await untilReady(broker, code, startTimeoutMs);
      await broker.stop('SIGTERM');
      if (existsSync(`${archive}.new`)) await rename(`${archive}.new`, archive);
    } finally {
      await broker.stop('SIGKILL');
      await rm(place.folder, { recursive: true, force: true });
    }
  };
  await withLock(join(at.home, 'kafka-server', 'training.lock'), train, { code, timeoutMs: 600_000 });
}
