import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { type Call, type Command, command, flag, whole } from './command.ts';
import { run } from './run.ts';
import { createTerminal } from './terminal.ts';

const calls: Call[] = [];
const remember = async (call: Call) => {
  calls.push(call);
  call.print({ said: call.args }, () => call.args.join(' '));
  return 0;
};
const commands: readonly Command[] = [
  command({ path: 'up', summary: 's', flags: [flag('--port <n>', 'd', whole(0, 9))], example: 'up', run: remember }),
  command({
    path: 'tea pour <cup> <text>',
    summary: 's',
    flags: [],
    json: 'it',
    example: 'tea pour 1 hot',
    run: remember,
  }),
  command({
    path: 'spill',
    summary: 's',
    flags: [],
    json: 'it',
    example: 'spill',
    run: () => Promise.reject(new ParleyError('NOT_FOUND', 'No \u001b[31mcup.')),
  }),
];

async function parley(argv: string[], env: Record<string, string> = {}) {
  let [out, err] = ['', ''];
  const terminal = createTerminal({ write: (text) => (out += text) }, { write: (text) => (err += text) }, env);
  const code = await run({
    argv,
    env,
    terminal,
    areas: [{ title: 'All', commands }],
    groups: { tea: 'about tea' },
    version: '1.2.3',
  });
  return { code, out, err };
}

test('a command has its arguments, its flags and its print', async () => {
  expect(await parley(['tea', 'pour', '2', 'hot tea'])).toEqual({ code: 0, out: '2 hot tea\n', err: '' });
  expect(await parley(['tea', 'pour', '2', 'x', '-o', 'yaml'])).toMatchObject({ out: 'said:\n  - "2"\n  - x\n' });
});

test.each([[[]], [['--port', '7']]])('%j starts everything', async (argv) => {
  calls.length = 0;
  expect(await parley(argv)).toMatchObject({ code: 0 });
  expect(calls[0]?.flags).toEqual(argv.length === 0 ? {} : { port: 7 });
});

test('help and version are what was asked for', async () => {
  expect(await parley(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  const { out } = await parley(['tea', 'pour', '--help']);
  expect(out).toContain('Example:\n  parley tea pour 1 hot\n');
  const whole = (await parley(['--help'])).out;
  expect(whole).toContain('Exit codes:\n  0    what was asked');
  expect(whole).toMatch(/\nAll:\n {2}up.*\n {2}tea .*\n {2}spill/);
});

describe('what is not understood ends with 2 and says where help is', () => {
  test.each([
    [['taa'], 'Unknown command \'taa\'. Did you mean "tea"?\n"parley --help"'],
    [['tea'], '"tea" is followed by another word.\n"parley tea --help"'],
    [['tea', 'poor'], 'Unknown command \'poor\'. Did you mean "pour"?\n"parley tea --help"'],
    [['tea', 'pour', '1'], 'Missing required argument \'text\'.\n"parley tea pour --help"'],
    [['tea', 'pour', '1', '2', '-o', 'xml'], "'xml' is invalid. Allowed choices are table, json, yaml.\n"],
    [['up', '--port', '10'], '10 is not a whole number from 0 to 9.\n"parley up --help"'],
    [['up', '--port', ''], ' is not a whole number from 0 to 9.\n'],
  ])('%j', async (argv, said) => {
    const { code, out, err } = await parley(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });
});

test('a fault is a sentence for people and an object for programs, on standard error', async () => {
  expect(await parley(['spill'])).toEqual({ code: 4, out: '', err: 'No [31mcup.\n' });
  const { code, out, err } = await parley(['spill', '-o', 'json']);
  expect({ code, out }).toEqual({ code: 4, out: '' });
  expect(JSON.parse(err)).toMatchObject({ code: 'NOT_FOUND', detail: 'No [31mcup.' });
  const wrong = await parley(['spill', '--tea', '-o', 'json']);
  expect(JSON.parse(wrong.err)).toMatchObject({ code: 'BAD_REQUEST', detail: expect.stringContaining('--tea') });
});

test('under npm and npx it names itself as it was called', async () => {
  for (const [script, self] of [
    ['parley', 'npm run parley --'],
    ['npx', 'npx parley'],
  ] as const) {
    const { err } = await parley(['tea'], { npm_lifecycle_event: script });
    expect(err).toContain(`"${self} tea --help"`);
  }
});
