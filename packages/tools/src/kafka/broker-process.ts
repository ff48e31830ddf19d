import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type Daemon, daemonPid, startDaemon, stopDaemon } from '../daemon.ts';
import { logTail } from '../log-tail.ts';
import { signal } from '../process-table.ts';
import { type Broker, untilItServes } from './broker.ts';
import type { BrokerPrograms } from './broker-programs.ts';
import { brokerPort, brokerSettings, claimPorts, propertiesOf } from './broker-settings.ts';

/** One node of a cluster; `folder` is its own. */
export interface Node {
  readonly folder: string;
  readonly node: number;
  readonly count: number;
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
}

const settingsOf = ({ folder }: Node): string => join(folder, 'server.properties');
const daemonOf = (node: Node): Daemon => ({
  pidFile: join(node.folder, 'pid'),
  log: join(node.folder, 'log'),
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
  const all = brokerSettings(join(folder, 'data'), node.node, count, port, settings);
  await writeFile(settingsOf(node), propertiesOf(all));
  await writeFile(join(node.folder, 'log4j2.properties'), log4j);
}

/** A node that is a process of this machine. @param archive the flag that names the archive of its classes */
export function processBroker(node: Node, programs: BrokerPrograms, archive: () => Promise<string>): Broker {
  const daemon = daemonOf(node);
  const pid = () => daemonPid(daemon);
  return {
    logFile: daemon.log,
    pid,
    async start() {
      if (await pid()) return;
      await claimPorts(node.port, node.node);
      const args = [...javaFlags(programs, node.folder, await archive()), 'kafka.Kafka', settingsOf(node)];
      const isStarted = await startDaemon(daemon, programs.java, args, { cwd: node.folder });
      if (!isStarted) throw unavailable(`"${programs.java}" could not be started; set JAVA_HOME.`);
    },
    untilReady: () =>
      untilItServes({
        what: `Broker ${node.node}`,
        log: daemon.log,
        // Its own log says so, and its port answers. The port alone would do for a stranger on it.
        serves: async () =>
          (await readFile(daemon.log, 'utf8').catch(() => '')).includes('Kafka Server started') &&
          (await answers(brokerPort(node.port, node.node))),
        isAlive: async () => (await pid()) !== undefined,
        logTail: () => logTail(daemon.log),
      }),
    stop: (how) => stopDaemon(daemon, how),
    async signal(how) {
      const known = await pid();
      if (known === undefined) throw unavailable(`Broker ${node.node} is not up, so there is nothing to ${how}.`);
      signal(known, how);
    },
    async remove() {},
  };
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
