import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '../src/command.ts';
import { cacheDir, ollamaDown, ollamaStatus, ollamaUp } from '../src/index.ts';
import { importModel, listModels } from '../src/ollama/model-import.ts';
import { modelSources, sourceFolder } from '../src/ollama/model-source.ts';
import { findProgram, presentProgram } from '../src/ollama/server-program.ts';
import { killTree, processesWith } from '../src/process-table.ts';

const home = cacheDir(process.env);
const fake = fileURLToPath(new URL('fake-ollama.mjs', import.meta.url));
const program = fileURLToPath(new URL('../src/ollama.ts', import.meta.url));
const real = await presentProgram(home, process.env.PARLEY_OLLAMA_BIN);
const hasSources = Object.values(modelSources).every((source) => existsSync(sourceFolder(home, source)));
if (real === undefined) console.warn('Skipped on a real Ollama: none is installed or built; "npm run ollama -- up".');

const scratch = mkdtempSync(join(tmpdir(), 'parley-ollama-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The least that Ollama takes for a model: a header and one entry. Source: ggml/docs/gguf.md. */
function tinyGguf(): Buffer {
  const text = (value: string) => Buffer.concat([u64(value.length), Buffer.from(value)]);
  const u64 = (value: number) => Buffer.from(new BigUint64Array([BigInt(value)]).buffer);
  const u32 = (value: number) => Buffer.from(new Uint32Array([value]).buffer);
  const entry = [text('general.architecture'), u32(8), text('llama')];
  return Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(1), ...entry]);
}
writeFileSync(join(scratch, 'tiny.gguf'), tinyGguf());
writeFileSync(join(scratch, 'garbage.gguf'), 'not a model');

function suite(what: string, bin: string) {
  const name = `test-${process.pid}-${what}`;
  const other = `${name}-other`;
  const options = { name, bin, models: [] };
  const run = (...args: string[]) =>
    runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args, '--name', name], {
      env: { ...process.env, PARLEY_OLLAMA_BIN: bin },
    });

  describe(`the ${what} Ollama`, () => {
    afterAll(async () => {
      for (const each of [name, other]) await ollamaDown({ name: each, isPurged: true });
    });

    test('runs on loopback alone, once, whoever asks for it at the same time', async () => {
      const [up, again] = await Promise.all([ollamaUp(options), ollamaUp(options)]);
      expect(again).toEqual(up);
      expect(await ollamaStatus({ name })).toEqual(up);
      expect(up).toMatchObject({ url: `http://127.0.0.1:${up.port}`, source: 'PARLEY_OLLAMA_BIN', models: [] });
      expect([11_434, 11_435]).not.toContain(up.port);
    });

    test('takes a model, refuses what is none, and keeps port and models over a crash and over down', async () => {
      const { url, pid } = await ollamaUp(options);
      await importModel(url, { name: 'tiny', folder: scratch, files: ['tiny.gguf'] });
      expect(await listModels(url)).toEqual(['tiny']);
      const garbage = importModel(url, { name: 'garbage', folder: scratch, files: ['garbage.gguf'] });
      await expect(garbage).rejects.toMatchObject({
        code: 'MODEL_UNREACHABLE',
        message: expect.stringMatching(/not in GGUF format/),
      });
      await killTree(pid);
      expect(await ollamaStatus({ name })).toBeUndefined();
      expect(await ollamaUp(options)).toMatchObject({ url, models: ['tiny'] });
      await ollamaDown({ name });
      expect(await ollamaUp(options)).toMatchObject({ url, models: ['tiny'] });
    });

    test('refuses a port that is somebody else’s and a name out of its folder, and shows why a server ended', async () => {
      const stranger = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => stranger.on('listening', resolve));
      const { port } = stranger.address() as { port: number };
      const taken = ollamaUp({ ...options, name: other, port });
      await expect(taken).rejects.toMatchObject({ code: 'PORT_IN_USE', message: expect.stringContaining(`${port}`) });
      stranger.close();
      await expect(ollamaDown({ name: '../..', isPurged: true })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      const { logFile } = await ollamaUp({ ...options, name: other });
      await ollamaDown({ name: other });
      // A file where it wants a folder.
      rmSync(join(dirname(logFile), 'models', 'blobs'), { recursive: true });
      writeFileSync(join(dirname(logFile), 'models', 'blobs'), '');
      const ended = ollamaUp({ ...options, name: other });
      await expect(ended).rejects.toMatchObject({
        code: 'MODEL_UNREACHABLE',
        message: expect.stringMatching(/has ended; its log .*blobs/s),
      });
    });

    test('is run from the command line', async () => {
      await ollamaDown({ name });
      expect(await run('url')).toMatchObject({ code: 3, output: 'down\n' });
      const { code, output } = await run('up', '--no-models');
      expect({ code, output }).toEqual({ code: 0, output: `${(await ollamaStatus({ name }))?.url}\n` });
      expect(await run('url')).toEqual({ code, output });
      expect((await run('status')).output).toMatch(
        /^up: Ollama .* \(PARLEY_OLLAMA_BIN\), pid \d+\nurl: .*\nmodels: tiny\n/,
      );
      expect(await run('down', '--purge')).toEqual({ code: 0, output: '' });
      expect(existsSync(join(home, 'ollama', name))).toBe(false);
    }, 120_000);
  });
}

suite('fake', fake);
if (real !== undefined) suite('real', real.bin);

test('a command line that is not understood ends with 2 and says what is wrong', async () => {
  const run = (...args: string[]) => runCommand(process.execPath, [program, ...args]);
  const all = [run(), run('up', '--port', '0'), run('up', '--brokers', '3'), run('--help')];
  const [nothing, port, unknown, help] = await Promise.all(all);
  expect(nothing).toMatchObject({ code: 2, output: expect.stringContaining('npm run ollama -- <command>') });
  expect(port).toMatchObject({ code: 2, output: expect.stringContaining('expected 1..65535') });
  expect(unknown).toMatchObject({ code: 2, output: expect.stringContaining('--brokers') });
  expect(help).toMatchObject({ code: 0 });
});

test('a program that is no Ollama is refused; without any the remedies are named', async () => {
  const wrong = presentProgram(scratch, process.execPath);
  await expect(wrong).rejects.toMatchObject({
    code: 'MODEL_UNREACHABLE',
    message: expect.stringMatching(/is no Ollama that runs/),
  });
  const { PATH } = process.env;
  process.env.PATH = scratch;
  try {
    const none = findProgram(scratch, undefined, () => {});
    await expect(none).rejects.toMatchObject({
      message: expect.stringMatching(
        /without go, cargo, gcc, g\+\+\. Install Ollama, or name its program in PARLEY_OLLAMA_BIN/,
      ),
    });
  } finally {
    process.env.PATH = PATH;
  }
});

const isComplete = real !== undefined && hasSources;
(isComplete ? describe : describe.skip)('the models of the real Ollama', () => {
  const name = `test-${process.pid}-models`;
  afterAll(() => ollamaDown({ name, isPurged: true }));
  const ask = async (url: string, body: object) =>
    (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Record<string, unknown>>;

  test('chat and embed, and end with their server, also when that was killed', async () => {
    const options = { name, bin: real?.bin ?? '' };
    const { url, pid, models } = await ollamaUp(options);
    expect(models).toEqual(['parley-embed', 'parley-test']);
    const { embeddings } = await ask(`${url}/api/embed`, { model: 'parley-embed', input: ['a cat', 'a kitten'] });
    expect((embeddings as number[][]).map((each) => each.length)).toEqual([384, 384]);
    const messages = [{ role: 'user', content: 'Say hello.' }];
    const chat = { model: 'parley-test', messages, stream: false, options: { num_ctx: 512, num_predict: 8 } };
    expect(await ask(`${url}/api/chat`, chat)).toMatchObject({ done: true, message: { role: 'assistant' } });
    const runners = () => processesWith((line) => line.includes(' runner ') && line.includes(join('ollama', name)));
    expect(await runners()).toHaveLength(2);
    process.kill(pid, 'SIGKILL');
    await ollamaUp(options);
    expect(await runners()).toEqual([]);
    await ask(`${url}/api/chat`, chat);
    await ollamaDown({ name });
    expect(await runners()).toEqual([]);
  });
});
