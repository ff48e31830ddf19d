import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BusEvent, Delivery } from '@parley/bus';
import { createKafkaBus, ensureTopics, type KafkaConnection } from '@parley/bus/kafka';
import { until } from '@parley/testkit';
import { runCommand } from '../src/command.ts';
import { kafkaDown, kafkaUp } from '../src/index.ts';

const { JAVA_HOME } = process.env;
const keytool = JAVA_HOME ? join(JAVA_HOME, 'bin', 'keytool') : 'keytool';
const hasTools =
  (await runCommand(keytool, ['-help'])).code === 0 && (await runCommand('openssl', ['version'])).code === 0;
if (!hasTools) console.warn('Skipped: no keytool of a Java, or no openssl.');

const name = `secure-${process.pid}`;
const port = 31_100 + (process.pid % 60) * 20;
const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
const store = join(folder, 'server.p12');
/** Holds the one client certificate that the broker trusts. */
const trusted = join(folder, 'clients.p12');
const password = 'not-a-secret';
const [secure, mutual] = [`127.0.0.1:${port + 5}`, `127.0.0.1:${port + 6}`];

const loginModule = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const bearerModule = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const unsecured =
  'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler';
const settings = {
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 10},SECURE://127.0.0.1:${port + 5},MUTUAL://127.0.0.1:${port + 6}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURE://127.0.0.1:${port + 5},MUTUAL://127.0.0.1:${port + 6}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL',
  'ssl.keystore.location': store,
  'ssl.keystore.type': 'PKCS12',
  'ssl.keystore.password': password,
  'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,OAUTHBEARER,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.secure.plain.sasl.jaas.config': `${loginModule} user_parley="${password}";`,
  'listener.name.secure.scram-sha-256.sasl.jaas.config': scramModule,
  'listener.name.secure.scram-sha-512.sasl.jaas.config': scramModule,
  'listener.name.secure.oauthbearer.sasl.jaas.config': `${bearerModule} unsecuredLoginStringClaim_sub="broker";`,
  'listener.name.secure.oauthbearer.sasl.server.callback.handler.class': unsecured,
  // A session ends with its token, at the latest after this.
  'listener.name.secure.oauthbearer.connections.max.reauth.ms': '600000',
  'listener.name.mutual.ssl.client.auth': 'required',
  'listener.name.mutual.ssl.truststore.location': trusted,
  'listener.name.mutual.ssl.truststore.type': 'PKCS12',
  'listener.name.mutual.ssl.truststore.password': password,
};

/** An unsigned token, which the test's broker takes. Source: RFC 7515 appendix A.5. */
function unsignedToken(subject: string, lifeSeconds = 600): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + lifeSeconds })}.`;
}

/** @throws Error with what the program wrote */
async function run(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await runCommand(program, [...args]);
  if (code !== 0) throw new Error(`${program} ${args[0]}: ${output}`);
}

/** A client's key and certificate, which the broker is to trust. */
async function clientCertificate() {
  const [keyFile, certFile] = [join(folder, 'client.key'), join(folder, 'client.pem')];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certFile, '-days', '2'];
  await run('openssl', ['req', '-x509', ...made, '-subj', '/CN=parley']);
  const into = ['-keystore', trusted, '-storetype', 'PKCS12', '-storepass', password];
  await run(keytool, ['-importcert', '-noprompt', '-alias', 'client', '-file', certFile, ...into]);
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Rejects when the broker with certificates of both sides ends the connection instead of waiting for a request. */
function greet(tls: ConnectionOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...tls, host: '127.0.0.1', port: port + 6 });
    // ApiVersions, whose answer shows that the handshake was accepted by the broker too (TLS 1.3 tells only then).
    socket.write(Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]));
    socket.once('error', reject).once('close', () => reject(new Error('The broker hung up.')));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
  });
}

(hasTools ? describe : describe.skip)('a Kafka behind TLS and SASL', () => {
  let ca = '';
  let client = { cert: '', key: '' };
  const about = {
    owner: ['a'],
    readers: ['b'],
    purpose: 'A test.',
    partitions: 1,
    retentionHours: 1,
    isDurable: false,
  };
  const reach = (connection: Partial<KafkaConnection>, topic: string) =>
    ensureTopics({ brokers: [secure], clientId: 'test', ...connection }, [{ ...about, name: topic }], {
      replicationFactor: 1,
    });

  beforeAll(async () => {
    const own = ['-keystore', store, '-storepass', password, '-alias', 'server'];
    const key = ['-genkeypair', ...own, '-keyalg', 'RSA', '-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1'];
    await run(keytool, [...key, '-validity', '2', '-storetype', 'PKCS12']);
    const cert = join(folder, 'ca.pem');
    await run(keytool, ['-exportcert', '-rfc', ...own, '-file', cert]);
    ca = readFileSync(cert, 'utf8');
    client = await clientCertificate();
    await kafkaUp({ name, port, settings, scramUsers: { parley: password } });
  });
  afterAll(async () => {
    await kafkaDown({ name, isPurged: true });
    rmSync(folder, { recursive: true, force: true });
  });

  test('is reached with its authority and a password', async () => {
    const sasl = { mechanism: 'plain', username: 'parley', password } as const;
    expect(await reach({ tls: { ca }, sasl }, 'plain')).toMatchObject({ created: ['plain'] });
  });

  test('is reached with a token that is asked for', async () => {
    let asked = 0;
    const token = async () => unsignedToken(`parley-${++asked}`);
    expect(await reach({ tls: { ca }, sasl: { mechanism: 'oauthbearer', token } }, 'token')).toMatchObject({
      created: ['token'],
    });
    expect(asked).toBeGreaterThan(0);
  });

  test('is told a new token before the one before ends, by producers and consumers alike', async () => {
    // kafkajs renews 10 s before the end.
    const lifeSeconds = 12;
    const topic = 'renewed';
    let asked = 0;
    let sent = 0;
    // Always of the same name: a broker hangs up on who changes it. Source: KIP-368.
    const token = async () => {
      asked++;
      return unsignedToken('parley', lifeSeconds);
    };
    const sasl = { mechanism: 'oauthbearer', token } as const;
    await reach({ tls: { ca }, sasl }, topic);
    const got: unknown[] = [];
    const troubles: BusEvent[] = [];
    // A new broker's coordinator is not there at once, which is said, too.
    const onEvent = (event: BusEvent) => void (got.length > 0 && troubles.push(event));
    const bus = createKafkaBus({ brokers: [secure], clientId: 'test', tls: { ca }, sasl, onEvent });
    const handler = async (batch: readonly Delivery[]) => void got.push(...batch.map(({ message }) => message.data));
    await bus.subscribe({ topics: [topic], group: 'renewing', handler });
    const time = new Date().toISOString();
    const send = async () => {
      await bus.publish(topic, [{ id: `m-${sent}`, type: 'noted.v1', source: 'test', subject: 's', time, data: sent }]);
      sent++;
      await until('it is there', () => got.length >= sent);
    };
    await send();
    const end = Date.now() + 1.2 * lifeSeconds * 1000;
    await until('the first tokens have run out', () => Date.now() > end, 30_000, send);
    await bus.stop();
    expect(got).toEqual(Array.from({ length: sent }, (_, n) => n));
    expect(troubles).toEqual([]);
    expect(asked).toBeGreaterThan(10);
  }, 60_000);

  test('is tried again while there is no token to be had', async () => {
    let asked = 0;
    const token = async () => {
      if (++asked < 3) throw new Error('The identity provider is away.');
      return unsignedToken('parley');
    };
    const made = await reach({ tls: { ca }, sasl: { mechanism: 'oauthbearer', token } }, 'late-token');
    expect([made.created, asked]).toEqual([['late-token'], 3]);
  });

  test('refuses a token that has run out', async () => {
    const sasl = { mechanism: 'oauthbearer', token: async () => unsignedToken('late', -60) } as const;
    await expect(reach({ tls: { ca }, sasl }, 'late')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });

  for (const mechanism of ['scram-sha-256', 'scram-sha-512'] as const) {
    test(`is reached with a password that never travels: ${mechanism}`, async () => {
      const sasl = { mechanism, username: 'parley', password };
      expect(await reach({ tls: { ca }, sasl }, mechanism)).toMatchObject({ created: [mechanism] });
      const wrong = { ...sasl, password: 'wrong' };
      await expect(reach({ tls: { ca }, sasl: wrong }, 'wrong')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
    });
  }

  test('is reached with a certificate of the client, and not without', async () => {
    const tls = { ca, ...client };
    expect(await reach({ brokers: [mutual], tls }, 'mutual')).toMatchObject({ created: ['mutual'] });
    // kafkajs takes a broker that hangs up for one that is away, and would call it for half an hour.
    await expect(greet({ ca })).rejects.toThrow(/certificate/i);
    await expect(greet(tls)).resolves.toBeUndefined();
  });

  test('refuses a wrong password at once', async () => {
    const sasl = { mechanism: 'plain', username: 'parley', password: 'wrong' } as const;
    await expect(reach({ tls: { ca }, sasl }, 'wrong')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });
});
