import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type Daemon, daemonPid, startDaemon, stopDaemon } from '../daemon.ts';
import { logTail } from '../log-tail.ts';
import { signal } from '../process-table.ts';
import type { BrokerPrograms } from './broker-programs.ts';
import { brokerPort, brokerSettings, claimPorts } from './broker-settings.ts';

const startTimeoutMs = 90_000;
const pollMs = 50;

/** One node of a cluster; `folder` is its own. */
export interface Node {
  readonly folder: string;
  readonly node: number;
  readonly count: number;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

export const logOf = ({ folder }: Node): string => join(folder, 'log');
const settingsOf = ({ folder }: Node): string => join(folder, 'server.properties');
const daemonOf = (node: Node): Daemon => ({
  pidFile: join(node.folder, 'pid'),
  log: logOf(node),
  mark: settingsOf(node),
});

/** A small JVM that starts fast; with the class archive a start costs half the CPU, and a wrong archive is ignored. */
export function javaFlags({ libs }: BrokerPrograms, folder: string, archive: string): string[] {
  return [
    ...['-Xms16m', '-Xmx160m', '-XX:MaxDirectMemorySize=64m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...['-XX:+ExitOnOutOfMemoryError', '-Xlog:disable', '-Xshare:auto', archive],
    // The jars of Maven log through slf4j-simple, those of a distribution through log4j 2.
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
    '-Dorg.slf4j.simpleLogger.showDateTime=true',
    `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
    ...['-cp', join(libs, '*')],
  ];
}

const log4j = `appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
`;

export async function configure(node: Node): Promise<void> {
  await mkdir(node.folder, { recursive: true });
  const { folder, count, port, settings } = node;
  await writeFile(settingsOf(node), brokerSettings(join(folder, 'data'), node.node, count, port, settings));
  await writeFile(join(node.folder, 'log4j2.properties'), log4j);
}

/** The pid of this very node's process; undefined when it does not run. */
export function pidOf(node: Node): Promise<number | undefined> {
  return daemonPid(daemonOf(node));
}

/** Starts the node's process without waiting until it serves; one that runs is left as it is. */
export async function startNode(node: Node, programs: BrokerPrograms, archive: string): Promise<void> {
  if (await pidOf(node)) return;
  await claimPorts(node.port, node.node);
  const args = [...javaFlags(programs, node.folder, archive), 'kafka.Kafka', settingsOf(node)];
  const isStarted = await startDaemon(daemonOf(node), programs.java, args, { cwd: node.folder });
  if (!isStarted) throw unavailable(`"${programs.java}" could not be started; set JAVA_HOME.`);
}

/**
 * Resolves when this very node serves requests: its own log says so, and its port answers. The port alone would do for
 * a stranger on it.
 */
export async function untilReady(node: Node): Promise<void> {
  const end = Date.now() + startTimeoutMs;
  for (;;) {
    const log = await readFile(logOf(node), 'utf8').catch(() => '');
    if (log.includes('Kafka Server started') && (await answers(brokerPort(node.port, node.node)))) return;
    const isAlive = (await pidOf(node)) !== undefined;
    if (!isAlive || Date.now() > end) {
      const what = isAlive ? `does not serve after ${startTimeoutMs} ms` : 'has ended';
      throw unavailable(
        `Broker ${node.node} ${what}; its log ${logOf(node)} ends with:\n${await logTail(logOf(node))}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Ends the node's process, if it runs, and resolves when it is gone. */
export function stopNode(node: Node, how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  return stopDaemon(daemonOf(node), how);
}

/** SIGSTOP and SIGCONT: a broker whose connections stay open and silent. */
export async function signalNode(node: Node, name: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
  const pid = await pidOf(node);
  if (pid === undefined) throw unavailable(`Broker ${node.node} is not up, so there is nothing to ${name}.`);
  signal(pid, name);
}

/** True when an ApiVersions request gets a reply. Source: Kafka protocol guide: key 18, version 0, null client id. */
export function answers(port: number): Promise<boolean> {
  const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const end = (isUp: boolean) => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.on('data', () => end(true));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
  });
}

function unavailable(why: string): ParleyError {
  return new ParleyError('BUS_UNAVAILABLE', why);
}
