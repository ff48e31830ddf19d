import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type KeyView, keyPage, newKeyView } from '@parley/contracts/http';
import { type Database, openPostgres } from '@parley/spine';
import { migrateAll, roleOf } from '../src/operating/migrate.ts';
import { takeRoles } from './roles-of-server.ts';

const server = process.env.PARLEY_TEST_DATABASE_URL || undefined;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

(server === undefined ? describe.skip : describe)('parley keys', () => {
  const name = `keys_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(server ?? 'postgres://none'), { pathname: `/${name}` });
  const password = randomUUID();
  let admin: Database;
  let giveBack: () => Promise<void>;

  beforeAll(async () => {
    giveBack = await takeRoles(server ?? '');
    admin = openPostgres({ url: server ?? '', poolSize: 1 });
    await admin.query(`create database ${name}`);
    const owner = openPostgres({ url: url.href, poolSize: 1 });
    await migrateAll(owner, { gateway: password });
    await owner.close();
  }, 240_000);
  afterAll(async () => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.close();
    await giveBack();
  });

  function parley(...args: string[]) {
    return program('keys', ...args);
  }
  function program(...args: string[]) {
    const asGateway = Object.assign(new URL(url), { username: roleOf('gateway'), password }).href;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      env: { ...process.env, DATABASE_URL: asGateway },
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, stdout: stdout.trim(), stderr };
  }
  const list = () => keyPage.parse(JSON.parse(parley('list', '--tenant', 'acme', '-o', 'json').stdout)).keys;

  test('make, renew, show and end the keys of a tenant, as the role of the gateway', () => {
    const made = parley('create', '--tenant', 'acme', '--name', 'First', '--scope', 'read', 'admin', '--days', '3');
    expect(made.stdout).toMatch(/^parley_[0-9a-f]{32}_[\w-]{43}$/);
    const [key] = list() as [KeyView];
    expect(key).toMatchObject({ tenant: 'acme', name: 'First', scopes: ['read', 'admin'], revokedAt: null });
    expect(key.createdBy).toMatch(/^cli:/);
    expect(parley('rotate', key.id, '--tenant', 'acme').stdout).toMatch(/^parley_/);
    expect(parley('revoke', key.id, '--tenant', 'acme').status).toBe(0);
    const asJson = parley('create', '--tenant', 'acme', '--name', 'Next', '--scope', 'read', '-o', 'json');
    expect(newKeyView.parse(JSON.parse(asJson.stdout))).toMatchObject({ name: 'Next' });
    expect(list().map(({ revokedAt }) => revokedAt === null)).toEqual([true, true, false]);
  }, 120_000);

  test('refuse what they cannot do in a sentence', () => {
    expect(parley('create', '--name', 'x', '--scope', 'root').stderr).toContain('scopes.0');
    expect(parley('revoke', randomUUID(), '--tenant', 'acme')).toMatchObject({ status: 4 });
    expect(parley('list', '--tenant', 'A B').stderr).toContain('as in a host name');
  }, 120_000);

  test('what was done to keys is in the audit log, whose chain is whole until a row of it is changed', async () => {
    parley('create', '--tenant', 'audited', '--name', 'x', '--scope', 'read');
    const whole = program('audit', 'verify', '-o', 'json');
    expect(whole.status).toBe(0);
    expect(JSON.parse(whole.stdout).chains).toContainEqual(
      expect.objectContaining({ tenant: 'audited', ok: true, rows: 1, head: expect.stringMatching(/^[\w-]{43}$/) }),
    );
    const owner = openPostgres({ url: url.href, poolSize: 1 });
    await owner.query("update gateway.audit set detail = 'nothing happened' where tenant = 'audited'");
    await owner.close();
    const broken = program('audit', 'verify');
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain('audited: BROKEN, ');
  }, 120_000);
});
