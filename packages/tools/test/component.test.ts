import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { type ComponentControl, createComponent, type UpOptions } from '../src/component/component.ts';
import { type Daemon, daemonPid, daemonServer } from '../src/component/daemon.ts';
import type { ComponentPlace } from '../src/component/place.ts';
import { freePort } from '../src/ports.ts';

const home = mkdtempSync(join(tmpdir(), 'parley-component-'));
const code = 'BUS_UNAVAILABLE';

interface Options extends UpOptions {
  readonly script?: string;
}
interface Kept {
  readonly port: number;
  readonly script: string;
}
const serving = `require('http').createServer((_, r) => r.end('up')).listen(+process.argv[2], '127.0.0.1')`;
const found: string[] = [];
const daemonOf = ({ folder }: ComponentPlace): Daemon => ({
  pidFile: join(folder, 'pid'),
  log: join(folder, 'log'),
  mark: `${folder}/mark`,
});

/** A component whose server is Node with a line of JavaScript. */
const component: ComponentControl<Kept, Options, { pid: number; port: number }> = createComponent<
  Kept,
  Options,
  { pid: number; port: number }
>({
  ...{ name: 'line', code, startTimeoutMs: 5_000, isKilledByPurge: true },
  async find(at, { script = serving }, known) {
    found.push(at.name);
    return { script, port: known?.port ?? (await freePort(0)) };
  },
  servers: (at, { port, script }) => [
    daemonServer({
      ...{ what: 'The line', code, program: process.execPath, cwd: at.folder },
      ...daemonOf(at),
      args: ['-e', script, daemonOf(at).mark, String(port)],
      isReady: async () => (await fetch(`http://127.0.0.1:${port}`).catch(() => undefined))?.ok ?? false,
    }),
  ],
  async info(at, { port }) {
    const pid = await daemonPid(daemonOf(at));
    return pid === undefined ? undefined : { pid, port };
  },
});
const name = 'one';

afterEach(async () => {
  await component.down({ name, home, isPurged: true });
  found.length = 0;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('a component that is started twice at once runs once, and answers when its start resolves', async () => {
  const [up, again] = await Promise.all([component.up({ name, home }), component.up({ name, home })]);
  expect(again).toEqual(up);
  expect(found).toEqual([name]);
  expect(await (await fetch(`http://127.0.0.1:${up.port}`)).text()).toBe('up');
  expect(await component.status({ name, home })).toEqual(up);
});

test('a component that was stopped starts again with what is remembered of it', async () => {
  const { port, pid } = await component.up({ name, home });
  await component.down({ name, home });
  expect(await component.status({ name, home })).toBeUndefined();
  const again = await component.up({ name, home });
  expect(again.port).toBe(port);
  expect(again.pid).not.toBe(pid);
});

test('a purge leaves neither folder nor lock, and a name never leads out of its folder', async () => {
  await component.up({ name, home });
  await component.down({ name, home, isPurged: true });
  expect(existsSync(join(home, 'line', name))).toBe(false);
  expect(existsSync(join(home, 'line', `${name}.lock`))).toBe(false);
  const out = component.down({ name: '../..', home, isPurged: true });
  await expect(out).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a server that ends is not waited for, and the end of its log is told', async () => {
  const up = component.up({ name, home, script: `console.error('no disk left')` });
  const message = expect.stringMatching(/^The line has ended; its log .*log ends with:\nno disk left$/);
  await expect(up).rejects.toMatchObject({ code, message });
});

test('a start that failed in its making is made again', async () => {
  await expect(component.up({ name, home, script: 'process.exit(1)' })).rejects.toMatchObject({ code });
  expect(await component.up({ name, home })).toMatchObject({ port: expect.any(Number) });
  expect(found).toEqual([name, name]);
});
