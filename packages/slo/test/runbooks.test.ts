import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { generateRules, readSloFolder, runbookOf, runbookUrl } from '../src/index.ts';
import type { Alert, RuleFile } from '../src/rule.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = readdirSync(join(root, 'docs/runbooks')).map((name) => `docs/runbooks/${name}`);
const alerts = generateRules(readSloFolder(), 'https://wiki.test/pages/')
  .filter(({ path }) => !path.includes('/tests/'))
  .flatMap(({ text }) => (parse(text) as RuleFile).groups)
  .flatMap(({ rules }) => rules.filter((rule): rule is Alert => 'alert' in rule));
const sources = globSync('{packages,services}/*/src/**/*.ts', { cwd: root }).map(read).join('\n');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const settings = read('docs/config.md');

test('every alert has its page, and every page its alert', () => {
  const wanted = [...new Set(alerts.map(({ alert }) => runbookOf(alert)))];
  expect(pages.sort()).toEqual(wanted.sort());
});

test('an alert brings the address of its page, below the one that package.json names', () => {
  const [{ alert, annotations } = { alert: '', annotations: undefined }] = alerts;
  expect(annotations?.runbook_url).toBe(`https://wiki.test/pages/${runbookOf(alert).split('/').at(-1)}`);
  const { runbooks } = (JSON.parse(read('package.json')) as { config: { runbooks: string } }).config;
  const written = globSync('k8s/observability/rules/*.yaml', { cwd: root }).map(read).join('\n');
  expect(written.match(/runbook_url: /g)).toHaveLength(alerts.length);
  for (const each of alerts) expect(written).toContain(`runbook_url: ${runbookUrl(runbooks, each.alert)}\n`);
  for (const wrong of ['docs/runbooks', 'file:///docs', '']) expect(() => runbookUrl(wrong, alert)).toThrow('https://');
});

test('docs/slos.md has every objective, and no other', () => {
  const rows = [...read('docs/slos.md').matchAll(/^\| `([\w-]+)` \| ([\d.]+) % \|/gm)].map(
    ([, id, goal]) => `${id} ${goal}`,
  );
  const wanted = readSloFolder().map(({ id, objective }) => `${id} ${Number((objective * 100).toPrecision(12))}`);
  expect(rows.sort()).toEqual(wanted.sort());
});

test.each(['rules/*.yaml', 'dashboards/*.json'])('%s fit into one ConfigMap that kubectl applies', (pattern) => {
  const data = Object.fromEntries(
    globSync(`k8s/observability/${pattern}`, { cwd: root }).map((path) => [path, read(path)]),
  );
  // It keeps what was applied in an annotation, and all of them together may have 256 KiB.
  expect(JSON.stringify({ data }).length).toBeLessThan(240 * 1024);
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('says what the alert means, whom it hurts, where to look and how to mend it', () => {
    const [, title] = /^# (\w+)\n/.exec(text) ?? [];
    expect(runbookOf(title ?? '')).toBe(page);
    expect(text).toMatch(/\*\*Means\.\*\*.*\*\*Hurts\.\*\*.*## Look\n.*```.*## Mend\n\n(- |1\. )/s);
  });

  test('names pages, metrics, settings and commands that exist', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, to = '']) => join(root, dirname(page), to));
    const metrics = [...text.matchAll(/\bparley_[a-z_]+\b/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));
    const variables = [...text.matchAll(/\bPARLEY_[A-Z_]+\b/g)].map(([name]) => name);
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    const deployments = [...text.matchAll(/deploy\/([\w-]+)/g)].map(([, name = '']) => name);
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    expect(metrics.filter((name) => !sources.includes(`${name}'`) && !sources.includes(`${name}:`))).toEqual([]);
    expect(variables.filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
    expect(commands.filter((name) => !scripts.includes(name))).toEqual([]);
    expect(deployments.filter((name) => !existsSync(join(root, `k8s/base/${name}.yaml`)))).toEqual([]);
  });
});
