import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const workflows = join(root, '.github/workflows');

describe.each(readdirSync(workflows))('%s', (file) => {
  const text = readFileSync(join(workflows, file), 'utf8');

  test('may read the repository, and more only where a job says so', () => {
    expect(parse(text).permissions).toEqual({ contents: 'read' });
  });

  test('runs foreign actions by their commit alone', () => {
    const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)].map(([, action = '', rest = '']) => ({ action, rest }));
    const foreign = used.filter(({ action }) => !action.startsWith('./'));
    for (const { action, rest } of foreign) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(rest).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    for (const { action } of used.filter(({ action }) => action.startsWith('./'))) {
      expect(() => readFileSync(join(root, action))).not.toThrow();
    }
  });

  test('puts no text of an event into a shell', () => {
    expect(text).not.toMatch(/\$\{\{[^}]*github\.(event\.|head_ref)/);
  });
});

test('what is published went through every check, and says where it was made', () => {
  const { jobs } = parse(readFileSync(join(workflows, 'cd.yaml'), 'utf8'));
  expect(jobs.npm).toMatchObject({ needs: 'ci', permissions: { contents: 'read', 'id-token': 'write' } });
  const commands = jobs.npm.steps.map(({ run = '' }: { run?: string }) => run).filter((run: string) => run !== '');
  expect(commands.at(0)).toMatch(/^npm run pack -- --repository /);
  expect(commands.at(-1)).toContain('npm publish "$package" --provenance');
});

describe('the gate of a deployment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-gate-'));
  const query = join(folder, 'query');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the gate against a Prometheus with these series: what an expression that holds the key finds. */
  function gate(args: readonly string[], series: Readonly<Record<string, string>>, code = 0) {
    const cases = Object.entries(series).map(([key, found]) => `*"${key}"*) echo '${found}';;`);
    writeFileSync(query, `#!/bin/sh\ncase "$1" in ${cases.join(' ')} *) ;; esac\nexit ${code}\n`);
    chmodSync(query, 0o755);
    const env = { ...process.env, QUERY: query, PAUSE: '0' };
    const made = spawnSync('bash', [join(root, '.ci/slo-gate'), ...args], { env, encoding: 'utf8' });
    return { code: made.status, said: made.stdout };
  }

  test('opens where budget is left and nothing pages', () => {
    expect(gate(['before'], {})).toEqual({ code: 0, said: 'Go on.\n' });
    expect(gate(['after', '2'], {})).toEqual({ code: 0, said: 'Go on.\n' });
  });

  test('is shut while a budget is spent, and names it', () => {
    const found = gate(['before'], { 'remaining:ratio <= 0': '{sloth_id="gateway-availability"} => -0.2' });
    expect(found.code).toBe(1);
    expect(found.said).toContain('gateway-availability');
  });

  test('is shut when something pages', () => {
    const alerts = { ALERTS: '{alertname="AvailabilityBudgetBurn"} => 1' };
    expect(gate(['before'], alerts).code).toBe(1);
    expect(gate(['after', '2'], alerts).code).toBe(1);
  });

  test('takes no answer for no', () => {
    expect(gate(['before'], {}, 1)).toEqual({ code: 1, said: 'Prometheus does not answer.\n' });
  });
});
