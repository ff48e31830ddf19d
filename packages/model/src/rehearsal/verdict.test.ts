import { expect, test } from '@jest/globals';
import type { Side } from '@parley/contracts/debate';
import type { ChatRequest, TranscriptTurn } from '../model.ts';
import { judge } from './verdict.ts';

const rich =
  'In 1998 a study measured twelve towns, and the record shows falling costs, quieter streets and healthier children.';
const poor = 'It is bad and it is bad and it is bad and it is so bad that it is bad.';

function ask(turns: readonly TranscriptTurn[], more: Partial<ChatRequest['purpose']> = {}, prompt = '') {
  return judge({
    model: 'rehearsal',
    messages: [{ role: 'user', content: prompt }],
    purpose: { kind: 'judge', topic: 'Cars', transcript: turns, ...more },
    maxTokens: 400,
    contextTokens: 2_048,
    signal: new AbortController().signal,
  });
}
const turn = (side: Side, text: string): TranscriptTurn => ({ side, round: 1, text });
const turns = [turn('pro', rich), turn('con', poor)];

test('the side with more variety and evidence wins, with marks from 1 to 10', () => {
  const verdict = ask(turns);
  expect(verdict.winner).toBe('X');
  for (const mark of [...Object.values(verdict.scores.X), ...Object.values(verdict.scores.Y)]) {
    expect(mark).toBeGreaterThanOrEqual(1);
    expect(mark).toBeLessThanOrEqual(10);
    expect(Number.isInteger(mark)).toBe(true);
  }
});

test('the same side wins in either order, whoever is called X', () => {
  expect(ask(turns, { labels: { X: 'con', Y: 'pro' } }).winner).toBe('Y');
  expect(ask([...turns].reverse()).winner).toBe('Y');
  expect(ask(turns, {}, `Debater X:\n${poor}\n\nDebater Y:\n${rich}`).winner).toBe('Y');
  expect(ask(turns, {}, `Debater X:\n${rich}\n\nDebater Y:\n${poor}`).winner).toBe('X');
});

test('equal sides are contested', () => {
  expect(ask([turn('pro', rich), turn('con', rich)]).winner).toBe('contested');
  expect(ask([]).winner).toBe('contested');
});
