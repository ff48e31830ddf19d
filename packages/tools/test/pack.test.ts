import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { copyAssets } from '../src/pack/assets.ts';
import { dependenciesOf } from '../src/pack/dependencies.ts';

let to = '';
beforeEach(() => {
  to = mkdtempSync(join(tmpdir(), 'parley-pack-'));
});
afterEach(() => rmSync(to, { recursive: true, force: true }));

test('What a compiled file finds beside itself comes along, in its place.', () => {
  const code = "const dir = fileURLToPath(new URL('../migrations', import.meta.url));";
  copyAssets([{ file: 'packages/spine/src/migrate.js', code }], to);
  expect(existsSync(join(to, 'packages/spine/migrations/0001_spine.sql'))).toBe(true);
});

test('A file that finds nothing there stops the packing.', () => {
  const code = 'new URL("../nothing.sql", import.meta.url)';
  expect(() => copyAssets([{ file: 'packages/spine/src/migrate.js', code }], to)).toThrow(
    'packages/spine/src/migrate.js needs packages/spine/nothing.sql',
  );
});

test('Dependencies are what is imported or required by name, each in the version that the workspaces name.', () => {
  const code = `import { z } from "zod";
    import fs from "node:fs";
    import { promises } from "fs";
    import { own } from "./own.js";
    import "@a2a-js/sdk/server";
    const { x } = await import("jose");
    const kafkajs = createRequire(import.meta.url)("kafkajs/src/network");
    const folder = require.resolve("swagger-ui-dist/package.json");`;
  const pins = new Map(
    ['zod', '@a2a-js/sdk', 'jose', 'kafkajs', 'swagger-ui-dist', 'unused'].map((name) => [name, `1.0.0-${name}`]),
  );
  expect(Object.keys(dependenciesOf([code], pins))).toEqual([
    '@a2a-js/sdk',
    'jose',
    'kafkajs',
    'swagger-ui-dist',
    'zod',
  ]);
  expect(() => dependenciesOf(['import "left-pad"'], pins)).toThrow('left-pad is imported, but no workspace');
});
