import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { makeOnce } from '../component/shared-folder.ts';
import { exe } from '../installed-programs.ts';
import type { Say } from '../progress.ts';

const version = '4.4.0';
const leastJava = 17;
const code = 'BUS_UNAVAILABLE';

/** What runs a broker: a Java and the folder of Kafka's jars. */
export interface BrokerPrograms {
  readonly java: string;
  readonly libs: string;
  readonly source: 'KAFKA_HOME' | 'maven';
  /** Kafka's version, such as "4.4.0". */
  readonly version: string;
}

/**
 * The jars of KAFKA_HOME if that is set, otherwise those of Maven Central, fetched into the cache folder at first use.
 * @throws ParleyError BUS_UNAVAILABLE: no Java, no Maven, no network; says what to install.
 */
export async function findPrograms(home: string, say: Say): Promise<BrokerPrograms> {
  const { JAVA_HOME, KAFKA_HOME } = process.env;
  const java = JAVA_HOME ? join(JAVA_HOME, 'bin', `java${exe}`) : 'java';
  await checkJava(java);
  if (!KAFKA_HOME) return { java, libs: await mavenJars(home, say), source: 'maven', version };
  const libs = join(KAFKA_HOME, 'libs');
  const jars = existsSync(libs) ? await readdir(libs) : [];
  const found = jars.map((jar) => /^kafka-clients-(\d.*)\.jar$/.exec(jar)?.[1]).find(Boolean);
  if (found === undefined || Number(found.split('.')[0]) < 4) {
    throw unavailable(
      `KAFKA_HOME names ${KAFKA_HOME}, which holds no Kafka 4 or later (${found ?? 'no kafka-clients'}).`,
    );
  }
  return { java, libs, source: 'KAFKA_HOME', version: found };
}

async function checkJava(java: string): Promise<void> {
  const { code: exit, output } = await runCommand(java, ['-version']);
  if (exit !== 0) throw unavailable(`No Java runs ("${java}"): install a JRE ${leastJava} or later, or set JAVA_HOME.`);
  // openjdk version "17.0.15" 2025-04-15; Java 8 says "1.8.0".
  const major = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (major < leastJava) {
    throw unavailable(
      `Java here is ${major}, Kafka ${version} needs ${leastJava} or later: install it, set JAVA_HOME.`,
    );
  }
}

async function mavenJars(home: string, say: Say): Promise<string> {
  const folder = join(home, 'kafka-server', version);
  const libs = join(folder, 'libs');
  if (existsSync(libs)) return libs;
  const mvn = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
  if ((await runCommand(mvn, ['-version'])).code !== 0) {
    throw unavailable(
      `Kafka ${version} is fetched with Maven, and "mvn" does not run: install Maven, or set KAFKA_HOME.`,
    );
  }
  const lock = join(home, 'kafka-server', 'fetch.lock');
  const announcement = `Fetching Kafka ${version} (43 MB) into ${folder}, once …`;
  await makeOnce({ folder: libs, lock, code, announcement, doing: 'fetching', say }, async (beside) => {
    await writeFile(join(beside, 'pom.xml'), pom);
    const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
    const args = ['-q', '-B', '-C', '-f', join(beside, 'pom.xml'), copy, '-DincludeScope=runtime'];
    const made = await runCommand(mvn, [...args, `-DoutputDirectory=${join(beside, 'libs')}`], { cwd: beside });
    if (made.code === 0) return join(beside, 'libs');
    throw unavailable(`Maven could not fetch Kafka ${version}: ${made.output.trim().slice(-1_000)}`);
  });
  return libs;
}

/** kafka-tools-api is an interface for the console producer alone, and its 4.4.0 is not on Maven Central. */
const pom = `<project><modelVersion>4.0.0</modelVersion>
<groupId>parley</groupId><artifactId>kafka-server</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version>
<exclusions><exclusion><groupId>org.apache.kafka</groupId><artifactId>kafka-tools-api</artifactId></exclusion></exclusions>
</dependency><dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
`;

function unavailable(why: string): ParleyError {
  return new ParleyError(code, why);
}
