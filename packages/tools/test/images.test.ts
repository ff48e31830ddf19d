import { expect, test } from '@jest/globals';
import { runtimeSpec } from '../src/images/runtime-spec.ts';

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
