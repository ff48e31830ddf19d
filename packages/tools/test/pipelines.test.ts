import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { imageServices } from '../src/images/service-images.ts';

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

describe('no workflow names the services:', () => {
  const expression = (of: string) => `\${{ ${of} }}`;
  const jobsOf = (name: string) => parse(readFileSync(join(workflows, name), 'utf8')).jobs;

  test('images are built and published for every service', () => {
    const { list, images } = jobsOf('ci.yaml');
    expect([list.outputs.images, list.steps.at(-1).id]).toEqual([expression('steps.list.outputs.images'), 'list']);
    expect(images).toMatchObject({
      needs: 'list',
      strategy: { matrix: { service: expression('fromJSON(needs.list.outputs.images)') } },
    });
    expect(jobsOf('cd.yaml').images).toMatchObject({
      needs: 'ci',
      strategy: { matrix: { service: expression('fromJSON(needs.ci.outputs.images)') } },
    });
    const output = join(mkdtempSync(join(tmpdir(), 'parley-output-')), 'output');
    const env = { ...process.env, GITHUB_OUTPUT: output };
    expect(spawnSync('bash', ['-e', '-c', list.steps.at(-1).run], { cwd: root, env, encoding: 'utf8' }).status).toBe(0);
    expect(readFileSync(output, 'utf8')).toBe(`images=${JSON.stringify(imageServices)}\n`);
    rmSync(dirname(output), { recursive: true });
  });

  test('the gateway is the last that a rollout waits for, and the first that goes back', () => {
    const { deploy } = jobsOf('deploy.yaml');
    const others = deploy.env.BEHIND_GATEWAY;
    expect(others).toBe('app.kubernetes.io/name=parley,app.kubernetes.io/component!=gateway');
    const commands = (step: string) => {
      const run: string = deploy.steps.find(({ name }: { name?: string }) => name === step).run;
      return [...run.matchAll(/kubectl -n parley rollout \w+ (deployment\S*(?: -l \S+)?)/g)].map(([, of]) => of);
    };
    expect(commands('Roll out')).toEqual(['deployment -l "$BEHIND_GATEWAY"', 'deployment/gateway']);
    expect(commands('Back to what was there')).toEqual(['deployment/gateway', 'deployment -l "$BEHIND_GATEWAY"']);
  });
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
