import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { roleOf } from '@parley/cli/operating/migrate.ts';
import { until, whyMissing } from '@parley/testkit';
import {
  buildServiceImages,
  cacheDir,
  findImageBuilder,
  freePort,
  type ImageBuilder,
  type ImageContainer,
  kafkaDown,
  kafkaUp,
  postgresDown,
  postgresUp,
  prepareImages,
} from '@parley/tools';

const home = cacheDir(process.env);
const name = `images-${process.pid}`;
const version = `0.0.0-test-${process.pid}`;
const command = ['node', '--disable-warning=ExperimentalWarning', '--import', '@parley/runtime/telemetry', 'main.js'];
const say = (line: string) => {
  if (!line.startsWith('…')) console.info(line);
};

const missing = await whyMissing('images', prepareImages(home, { say }));

/** Writes where an image's program is not to write, and tells how it went. */
const inside = `const fs = require('node:fs');
const write = (file) => { try { fs.writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; } };
const told = (key) => new RegExp(key + ':\\\\s*(\\\\w+)').exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
console.log(JSON.stringify({
  user: process.getuid(), app: write('/app/x'), tmp: write('/tmp/x'),
  capabilities: Number('0x' + told('CapEff')), noNewPrivileges: told('NoNewPrivs'),
  shells: ['/bin/sh', '/bin/bash', '/usr/bin/npm'].filter((file) => fs.existsSync(file)),
}));`;

(missing === undefined ? describe : describe.skip)('The images of docker/service.Dockerfile', () => {
  let builder: ImageBuilder;
  const images: Record<string, { image: string; bytes: number }> = {};
  const started: ImageContainer[] = [];

  const start = async (service: string, more: Omit<Parameters<ImageBuilder['start']>[0], 'image'>) => {
    const container = await builder.start({ image: images[service]?.image ?? '', ...more });
    started.push(container);
    return container;
  };
  const ended = async (container: ImageContainer) => ({ code: await container.exited, said: container.output() });

  beforeAll(async () => {
    builder = await findImageBuilder(home);
    for (const service of ['gateway', 'cli'] as const) {
      const [built] = await buildServiceImages({ home, services: [service], version, isOneOff: true, say });
      if (built !== undefined) images[service] = built;
    }
  }, 600_000);
  afterAll(async () => {
    for (const container of started) await container.stop();
    for (const { image } of Object.values(images)) await builder.remove(image);
    await kafkaDown({ name, isPurged: true });
    await postgresDown({ name, isPurged: true });
  }, 120_000);

  test.each(['gateway', 'cli'])(
    '%s is small, says what it is, and runs Node as nobody without a shell',
    async (service) => {
      const { image = '', bytes = 0 } = images[service] ?? {};
      expect(bytes).toBeGreaterThan(50e6);
      expect(bytes).toBeLessThanOrEqual(250e6);
      const { user, entrypoint, labels } = await builder.config(image);
      expect(user).toBe('65532:65532');
      expect(entrypoint).toEqual(command);
      expect(labels).toMatchObject({
        'org.opencontainers.image.title': `parley/${service}`,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': expect.any(String),
        'org.opencontainers.image.licenses': 'Apache-2.0',
      });
      const { code, said } = await ended(await start(service, { entrypoint: ['node', '-e', inside] }));
      expect({ code, said: JSON.parse(said) }).toEqual({
        code: 0,
        said: { user: 65532, app: 'EROFS', tmp: 'written', capabilities: 0, noNewPrivileges: '1', shells: [] },
      });
    },
  );

  test('gateway ends without its settings, and names each of them', async () => {
    const { code, said } = await ended(await start('gateway', {}));
    // EX_CONFIG of sysexits.h: a supervisor that starts it again changes nothing.
    expect(code).toBe(78);
    expect(said).toMatch(/KAFKA_BROKERS: is not set.*DATABASE_URL: is not set/s);
  });

  test('cli makes tables and topics, gateway then serves, asks who is there, and leaves when it is told to', async () => {
    const postgres = await postgresUp({ name, isFast: true });
    const { brokers } = await kafkaUp({ name });
    const password = randomBytes(18).toString('base64url');
    const jobs = await Promise.all([
      start('cli', { args: ['migrate'], env: { DATABASE_URL: postgres.url, PARLEY_PASSWORD_GATEWAY: password } }),
      start('cli', { args: ['topics'], env: { KAFKA_BROKERS: brokers } }),
    ]);
    for (const job of jobs) expect(await ended(job)).toMatchObject({ code: 0 });

    const port = await freePort(0);
    const url = `http://127.0.0.1:${port}`;
    const databaseUrl = Object.assign(new URL(postgres.url), { username: roleOf('gateway'), password }).href;
    const gateway = await start('gateway', {
      env: { PORT: String(port), DATABASE_URL: databaseUrl, KAFKA_BROKERS: brokers, PARLEY_DRAIN_MS: '0' },
    });
    const statusOf = async (path: string) => (await fetch(`${url}${path}`).catch(() => undefined))?.status;
    await until('the gateway is ready', async () => (await statusOf('/readyz')) === 200, 60_000);
    expect(await statusOf('/livez')).toBe(200);
    expect(await statusOf('/v1/debates')).toBe(401);
    await gateway.stop();
    expect(await gateway.exited).toBe(0);
  }, 180_000);
});
