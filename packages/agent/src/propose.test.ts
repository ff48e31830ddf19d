import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { hashOf, proposedCalls } from './propose.ts';
import { tool } from './tool.ts';
import { askUser } from './tools/ask-user.ts';

const mail = tool({
  name: 'mail',
  description: 'Sends a mail.',
  input: z.strictObject({ to: z.email(), text: z.string() }),
  effect: 'once',
  run: () => 'sent',
});
const made = (name: string, args: Record<string, unknown>) =>
  ({ ok: true, name, arguments: args, isRepaired: false, isFromText: false }) as const;

test('a call that fits its tool may be made, and one that harms twice asks first', () => {
  const args = { to: 'ann@example.org', text: 'Hello.' };
  expect(proposedCalls([made('mail', args)], [mail])).toEqual([
    { tool: 'mail', args, argsHash: hashOf(args), effectClass: 'once', needsApproval: true },
  ]);
});

test.each([
  ['a tool that there is none of', made('rm', {}), 'UNKNOWN_TOOL', /no tool "rm"/],
  ['arguments that do not fit', made('mail', { to: 'ann', text: 'Hello.' }), 'BAD_ARGUMENTS', /to/],
  ['a number as a text', made('mail', { to: 'ann@example.org', text: 7 }), 'BAD_ARGUMENTS', /text/],
  ['a field that is unknown', made('mail', { to: 'a@example.org', text: '', bcc: '' }), 'BAD_ARGUMENTS', /bcc/],
  [
    'what the model port refused',
    { ok: false, fault: 'ARGUMENTS_CUT', name: 'mail', reason: 'cut', isFromText: false },
    'BAD_ARGUMENTS',
    /cut/,
  ],
] as const)('%s is refused with the reason', (_, call, code, reason) => {
  expect(proposedCalls([call], [mail])).toMatchObject([{ code, reason: expect.stringMatching(reason) }]);
});

test('a tool that asks a person is a question, in the words of its arguments', () => {
  const call = made('ask_user', { question: ' Which tea? ' });
  expect(proposedCalls([call], [askUser])).toMatchObject([{ tool: 'ask_user', asks: 'Which tea?' }]);
  expect(proposedCalls([made('ask_user', { question: ' ' })], [askUser])).toMatchObject([{ code: 'BAD_ARGUMENTS' }]);
});

test('arguments have one hash, whatever the order of their keys', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
});
