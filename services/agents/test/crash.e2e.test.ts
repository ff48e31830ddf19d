import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultRunLimits, type EffectClass } from '@parley/contracts/run';
import { migrate, openEmbedded } from '@parley/spine';
import { until } from '@parley/testkit';
import { agentSchema } from '../src/schema.ts';

const program = fileURLToPath(new URL('agent-process.ts', import.meta.url));
const run = '0193e5a0-7c1e-7d3a-9f00-00000000000a';
/** A data folder whose schema is made: each test has a copy of it. */
const prepared = mkdtempSync(join(tmpdir(), 'parley-agents-'));
beforeAll(async () => {
  const db = await openEmbedded({ dataDir: join(prepared, 'data') });
  await migrate(db, agentSchema);
  await db.close();
});
afterAll(() => rmSync(prepared, { recursive: true, force: true }));

const homes: string[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) await ended(child, 'SIGKILL');
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A data folder of its own, and what was written and told over all processes that ran on it. */
function world() {
  const home = mkdtempSync(join(tmpdir(), 'parley-agent-'));
  homes.push(home);
  cpSync(join(prepared, 'data'), join(home, 'data'), { recursive: true });
  const says = join(home, 'says');
  const told: Told[] = [];
  return {
    told,
    written: (): string[] => (existsSync(says) ? readFileSync(says, 'utf8').trim().split('\n') : []),
    start(command?: object, failpoint = ''): ChildProcess {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...{ PATH: process.env.PATH ?? '', DATA_DIR: join(home, 'data'), SAYS: says, PARLEY_FAILPOINT: failpoint },
          ...(command === undefined ? {} : { COMMAND: JSON.stringify(command) }),
          ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
        },
      });
      children.push(child);
      let rest = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        told.push(...lines.map((line) => JSON.parse(line) as Told));
      });
      return child;
    },
  };
}

async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  const exit = once(child, 'exit');
  if (signal !== undefined) child.kill(signal);
  await exit;
}

const command = (type: string, id: string, data: object) => ({
  ...{ id, type, source: 'gateway', subject: run, time: new Date(0).toISOString(), data },
});
const wishes: Readonly<Record<EffectClass, string>> = {
  read: 'Make a lookup.',
  idempotent: 'Make an upsert.',
  once: 'Make a payment.',
};
const start = (effect: EffectClass) =>
  command('start-run.v1', `start/${run}`, {
    ...{ agent: 'writer', version: 1, input: wishes[effect], limits: defaultRunLimits },
  });

/** Effects in their order: the first thought, the call, the second thought. */
const instants = [
  ['before the first thought', 'after-claim:1'],
  ['between the answer of the model and its commit', 'after-model-before-completion:1'],
  ['before the tool runs', 'after-claim:2'],
  ['between the tool and its answer', 'after-model-before-completion:2'],
  ['before the second thought', 'after-claim:3'],
  ['after a commit', 'after-commit:2'],
] as const;

describe.each([
  { effect: 'idempotent', killed: instants },
  // The same but for the key.
  { effect: 'read', killed: instants.filter(([, failpoint]) => failpoint === 'after-model-before-completion:2') },
] as const)('A call of a tool that is $effect', ({ effect, killed }) => {
  test.each(killed)(
    'is made, with one key, when the process is killed %s',
    async (_, failpoint) => {
      const { told, written, start: begin } = world();
      await ended(begin(start(effect), failpoint));
      begin();
      await until('the run is over', () => told.some(({ type }) => type === 'run-replied.v1'), 30_000);
      expect(new Set(written()).size).toBe(1);
      expect(written().length).toBeLessThanOrEqual(2);
    },
    60_000,
  );
});

describe('A call of a tool that harms twice', () => {
  test.each(instants)(
    'is made at most once when the process is killed %s',
    async (_, failpoint) => {
      const { told, written, start: begin } = world();
      await ended(begin(start('once'), failpoint));
      const before = written().length;
      begin();
      const has = (type: string) => told.some((one) => one.type === type);
      await until('it is over, or a person is asked', () => has('run-replied.v1') || has('question-asked.v1'), 30_000);
      // Given out and not answered: it is not made again, and somebody is asked what became of it.
      expect(written()).toHaveLength(has('question-asked.v1') ? before : 1);
      if (/^after-(claim|model-before-completion):2$/.test(failpoint)) expect(has('question-asked.v1')).toBe(true);
      if (/:[13]$/.test(failpoint)) expect(has('run-replied.v1')).toBe(true);
    },
    60_000,
  );

  test('is made again when a person says that it was not done, and is over when one says that it was', async () => {
    const { told, written, start: begin } = world();
    await ended(begin(start('once'), 'after-claim:2'));
    const second = begin();
    await until('a person is asked', () => told.some(({ type }) => type === 'question-asked.v1'), 30_000);
    expect(written()).toEqual([]);
    await ended(second, 'SIGKILL');
    const answer = { question: '1.1/outcome/1', answer: { is: 'not-done' } };
    begin(command('answer-question.v1', 'answer/1', answer));
    await until('the run is over', () => told.some(({ type }) => type === 'run-replied.v1'), 30_000);
    expect(written()).toHaveLength(1);
  }, 90_000);
});
