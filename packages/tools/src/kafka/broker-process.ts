import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { type Daemon, daemonPid, daemonServer } from '../component/daemon.ts';
import type { Server } from '../component/server.ts';
import { signal } from '../process-table.ts';
import type { BrokerPrograms } from './broker-programs.ts';
import { brokerPort, brokerSettings, type ClusterSettings, claimPorts, propertiesOf } from './broker-settings.ts';

const code = 'BUS_UNAVAILABLE';

/** One node of a cluster, whatever runs it. */
export interface Broker extends Server {
  /** A broker whose connections stay open and silent, and one that goes on. */
  signal(how: 'SIGSTOP' | 'SIGCONT'): Promise<void>;
}

/** One node of a cluster; `folder` is its own. */
export interface Node extends ClusterSettings {
  readonly folder: string;
  readonly node: number;
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
  await writeFile(settingsOf(node), propertiesOf(brokerSettings(join(node.folder, 'data'), node.node, node)));
  await writeFile(join(node.folder, 'log4j2.properties'), log4j);
}

/** A node that is a process of this machine. @param archive the flag that names the archive of its classes */
export function processBroker(node: Node, programs: BrokerPrograms, archive: () => Promise<string>): Broker {
  const daemon = daemonOf(node);
  const what = `Broker ${node.node}`;
  const server = daemonServer({
    ...daemon,
    ...{ what, code, cwd: node.folder, program: programs.java, remedy: ' Set JAVA_HOME.' },
    async args() {
      await claimPorts(node.port, node.node);
      return [...javaFlags(programs, node.folder, await archive()), 'kafka.Kafka', settingsOf(node)];
    },
    // Its own log says so, and its port answers. The port alone would do for a stranger on it.
    isReady: async () =>
      (await readFile(daemon.log, 'utf8').catch(() => '')).includes('Kafka Server started') &&
      (await answers(brokerPort(node.port, node.node))),
  });
  return {
    ...server,
    async signal(how) {
      const known = await daemonPid(daemon);
      if (known === undefined) throw new ParleyError(code, `${what} is not up, so there is nothing to ${how}.`);
      signal(known, how);
    },
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
