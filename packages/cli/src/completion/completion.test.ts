import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { commands, groups } from '../commands.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { placesOf } from './vocabulary.ts';
import { zshCompletion } from './zsh.ts';

const places = placesOf(commands, groups);
const home = mkdtempSync(join(tmpdir(), 'parley-completion-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
writeFileSync(join(home, 'pairs.jsonl'), '');

function shell(program: string, args: readonly string[], text: string): string {
  const script = join(home, `.${program}-script`);
  writeFileSync(script, text);
  const made = spawnSync(program, [...args, script], { encoding: 'utf8', cwd: home, timeout: 30_000 });
  expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
  return made.stdout;
}
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const last = (line: string) => line.split(' ').at(-1) ?? '';

/** What the shells offer for a command line whose last word is being written. */
const shells = {
  bash(line: string): string[] {
    const words = ['parley', ...line.split(' ')].map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _parley; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return shell('bash', ['--norc', '-u'], `${bashCompletion(places)}\n${ask}\n`)
      .split('\n')
      .filter(Boolean);
  },
  zsh(line: string): string[] {
    // What _parley calls is of zsh's completion system, which needs a terminal: these say what they were given.
    const stubs = `compdef() { :; }
      compadd() { shift; print -l -- "$@"; }
      _files() { print -l -- *; }
      _message() { :; }
      _describe() { local -a of; of=("\${(@P)4}"); print -l -- "\${(@)of%%:*}"; }`;
    const words = ['parley', ...line.split(' ')].map((word) => `'${word}'`).join(' ');
    const ask = `words=(${words}); CURRENT=\${#words}; _parley`;
    const offered = shell('zsh', ['-f'], `${stubs}\n${zshCompletion(places)}\n${ask}\n`)
      .split('\n')
      .filter(Boolean);
    return offered.filter((word) => word.startsWith(last(line)));
  },
  fish(line: string): string[] {
    const ask = `complete -C ${JSON.stringify(`parley ${line}`)}`;
    const offered = shell('fish', ['--no-config'], `${fishCompletion(places)}\n${ask}\n`)
      .split('\n')
      .filter(Boolean);
    return offered.map((text) => text.split('\t')[0] ?? '');
  },
};

describe.each(Object.entries(shells))('%s', (name, offers) => {
  const where = has(name) ? test : test.skip;

  where('offers commands and the words of a group', () => {
    expect(offers('de')).toEqual(['debate']);
    expect(offers('')).toEqual(expect.arrayContaining(['up', 'doctor', 'debate', 'keys', 'completion']));
    expect(
      offers('debate ')
        .filter((word) => !word.startsWith('-'))
        .sort(),
    ).toEqual(['add-note', 'cancel', 'follow', 'list', 'pause', 'resume', 'show', 'start']);
    expect(
      offers('completion ')
        .filter((word) => !word.startsWith('-'))
        .sort(),
    ).toEqual(['bash', 'fish', 'zsh']);
  });

  where('offers the flags of a command, behind its arguments, too', () => {
    expect(offers('debate start "a" --fo')).toEqual(['--follow']);
    expect(offers('replay some-id --no-')).toEqual(['--no-redundancy']);
    expect(offers('mcp --f')).toEqual([]);
  });

  where('offers the values that a flag has, and files where it takes one', () => {
    expect(offers('debate list -o ').sort()).toEqual(['json', 'table', 'yaml']);
    expect(offers('usage --by a')).toEqual(['agent']);
    expect(offers('calibrate --corpus pairs')).toEqual(['pairs.jsonl']);
    expect(offers('debate list --limit ')).toEqual([]);
  });
});
