import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runtimeSpec } from '../src/images/buildah-builder.ts';
import { dockerBuilder } from '../src/images/docker-builder.ts';

const config = {
  user: '65532:65532',
  env: ['PATH=/nodejs/bin', 'PORT=8080'],
  entrypoint: ['node', 'main.ts'],
  workingDir: '/app',
  labels: {},
};

test('a container is what its image says, with the settings and words that it is given beyond', () => {
  const { process } = runtimeSpec(config, '/root', { image: 'it', env: { PORT: '80' }, args: ['up'] });
  expect(process).toMatchObject({
    user: { uid: 65_532, gid: 65_532 },
    cwd: '/app',
    env: ['PATH=/nodejs/bin', 'PORT=80'],
    args: ['node', 'main.ts', 'up'],
  });
  expect(runtimeSpec(config, '/root', { image: 'it', entrypoint: ['true'] }).process.args).toEqual(['true']);
});

test('it may do nothing, and write below /tmp alone', () => {
  const { process, root, mounts } = runtimeSpec(config, '/root', { image: 'it' });
  expect(Object.values(process.capabilities).flat()).toEqual([]);
  expect(process.noNewPrivileges).toBe(true);
  expect(root).toEqual({ path: '/root', readonly: true });
  expect(mounts.map(({ destination }) => destination)).toEqual(['/proc', '/dev', '/tmp']);
});

test.each(['', 'nonroot', '65532'])('the user "%s" is refused: Kubernetes wants numbers', (user) => {
  expect(() => runtimeSpec({ ...config, user }, '/root', { image: 'it' })).toThrow(
    expect.objectContaining({ code: 'IMAGES_UNAVAILABLE', message: expect.stringContaining(`"${user}"`) }),
  );
});

test('docker is told the same, and no command line shows a setting', async () => {
  const { PATH } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'parley-docker-'));
  writeFileSync(join(folder, 'docker'), '#!/bin/sh\necho "$@" "and $DATABASE_URL"\n', { mode: 0o755 });
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  try {
    const env = { DATABASE_URL: 'postgres://secret' };
    const container = await dockerBuilder().start({ image: 'it', env, entrypoint: ['node', '-e'], args: ['1'] });
    expect(await container.exited).toBe(0);
    await container.stop();
    const confined = '--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges';
    expect(container.output()).toMatch(
      new RegExp(
        `^run --name \\S+ --network host ${confined} --env DATABASE_URL --entrypoint node it -e 1 and postgres:`,
      ),
    );
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  }
});
