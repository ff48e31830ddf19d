import { expect, test } from '@jest/globals';
import { type RouteParts, routesOf } from '@parley/gateway/routes.ts';
import { jsonOf, wordsOf } from './command-line/command.ts';
import { operations } from './command-line/operations.ts';
import { createProgram } from './command-line/program.ts';
import { areas, commands, groups } from './commands.ts';

/** What the parser makes of a command line, without running it. */
async function parsed(line: string) {
  let seen: { path: string; args: readonly string[]; flags: object } | undefined;
  const program = createProgram({
    areas,
    groups,
    version: '0',
    self: 'parley',
    write: () => {},
    onCommand: async ({ path }, args, flags) => {
      seen = { path, args, flags };
    },
  });
  const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  await program.parseAsync(words, { from: 'user' });
  return seen;
}

test.each(commands.map((command) => [command.path, command] as const))(
  'the example of %s is one of it',
  async (_, c) => {
    expect((await parsed(c.example))?.path).toBe(c.path);
    expect(c.summary).not.toMatch(/^[A-Z]|\.$/);
  },
);

test('every command of two words has a group, and every group a command', () => {
  const used = commands.map(wordsOf).filter((words) => words.length > 1);
  expect([...new Set(used.map(([first]) => first))].sort()).toEqual(Object.keys(groups).sort());
});

test('an answer that a command prints is that of a route of the gateway', () => {
  const routes = new Map(
    routesOf({} as RouteParts).map(({ id, method, path }) => [id, `${method.toUpperCase()} ${path}`]),
  );
  const answering = commands.filter(({ answers }) => answers !== undefined);
  expect(answering.length).toBeGreaterThan(10);
  for (const command of answering) {
    const route = routes.get(command.answers ?? '');
    expect([command.path, route]).toEqual([command.path, expect.any(String)]);
    expect(jsonOf(command)).toContain(`\`${route}\``);
  }
  for (const [id, route] of routes) expect(operations).toHaveProperty(id, route);
});

test('the redundancy stop of a replay is on, off, or as it was', async () => {
  expect((await parsed('replay x --redundancy'))?.flags).toMatchObject({ redundancy: true });
  expect((await parsed('replay x --no-redundancy'))?.flags).toMatchObject({ redundancy: false });
  expect((await parsed('replay x'))?.flags).not.toHaveProperty('redundancy');
});
