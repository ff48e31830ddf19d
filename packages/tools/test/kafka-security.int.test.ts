import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ensureTopics, type KafkaConnection } from '@parley/bus/kafka';
import { runCommand } from '../src/command.ts';
import { kafkaDown, kafkaUp } from '../src/index.ts';

const { JAVA_HOME } = process.env;
const keytool = JAVA_HOME ? join(JAVA_HOME, 'bin', 'keytool') : 'keytool';
const hasJava = (await runCommand(keytool, ['-help'])).code === 0;
if (!hasJava) console.warn('Skipped: no Java, no keytool.');

const name = `secure-${process.pid}`;
const port = 31_100 + (process.pid % 60) * 20;
const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
const store = join(folder, 'server.p12');
const password = 'not-a-secret';

const loginModule = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const bearerModule = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required';
const unsecured =
  'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler';
const settings = {
  listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 10},SECURE://127.0.0.1:${port + 5}`,
  'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURE://127.0.0.1:${port + 5}`,
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
  'ssl.keystore.location': store,
  'ssl.keystore.type': 'PKCS12',
  'ssl.keystore.password': password,
  'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,OAUTHBEARER',
  'listener.name.secure.plain.sasl.jaas.config': `${loginModule} user_parley="${password}";`,
  'listener.name.secure.oauthbearer.sasl.jaas.config': `${bearerModule} unsecuredLoginStringClaim_sub="broker";`,
  'listener.name.secure.oauthbearer.sasl.server.callback.handler.class': unsecured,
};

/** An unsigned token, which the test's broker takes. Source: RFC 7515 appendix A.5. */
function unsignedToken(subject: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: subject, iat: now, exp: now + 600 })}.`;
}

(hasJava ? describe : describe.skip)('a Kafka behind TLS and SASL', () => {
  let ca = '';
  const about = {
    owner: ['a'],
    readers: ['b'],
    purpose: 'A test.',
    partitions: 1,
    retentionHours: 1,
    isDurable: false,
  };
  const reach = (connection: Partial<KafkaConnection>, topic: string) =>
    ensureTopics({ brokers: [`127.0.0.1:${port + 5}`], clientId: 'test', ...connection }, [{ ...about, name: topic }], {
      replicationFactor: 1,
    });

  beforeAll(async () => {
    const own = ['-keystore', store, '-storepass', password, '-alias', 'server'];
    const key = ['-genkeypair', ...own, '-keyalg', 'RSA', '-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1'];
    const made = await runCommand(keytool, [...key, '-validity', '2', '-storetype', 'PKCS12']);
    const cert = join(folder, 'ca.pem');
    const shown = await runCommand(keytool, ['-exportcert', '-rfc', ...own, '-file', cert]);
    if (!existsSync(cert)) throw new Error(`${made.output}\n${shown.output}`);
    ca = readFileSync(cert, 'utf8');
    await kafkaUp({ name, port, settings });
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

  test('refuses a wrong password at once', async () => {
    const sasl = { mechanism: 'plain', username: 'parley', password: 'wrong' } as const;
    await expect(reach({ tls: { ca }, sasl }, 'wrong')).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  });
});
