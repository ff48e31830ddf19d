import { expect, test } from '@jest/globals';
import type { Fact } from '@parley/contracts';
import { createTranscript } from './transcript.ts';

const recorded = (text: string, more: { concedes?: boolean; flip?: boolean } = {}): Fact => ({
  type: 'turn-recorded.v1',
  data: {
    round: 1,
    side: 'pro',
    text,
    model: 'rehearsal',
    isRehearsal: true,
    usage: { inputTokens: 1, outputTokens: 1 },
    novelty: { score: 1, isStale: false, step: 'none', containment: 0, jaccard: 0, against: 'nothing' },
    concedes: false,
    flip: false,
    ...more,
    next: null,
  },
});
const delta = (offset: number, text: string) => ({ round: 1, side: 'pro' as const, offset, text });

function printed(isLive: boolean, play: (transcript: ReturnType<typeof createTranscript>) => void): string {
  let out = '';
  play(
    createTranscript({
      write: (text) => (out += text),
      isLive,
      paint: (_, text) => text,
    }),
  );
  return out;
}
const count = (text: string, part: string): number => text.split(part).length - 1;

test('a turn is printed once when its last piece comes after the whole', () => {
  const out = printed(true, (transcript) => {
    transcript.delta(delta(0, 'One two '));
    transcript.fact(recorded('One two three.'));
    transcript.delta(delta(8, 'three.'));
  });
  expect(count(out, 'Team A')).toBe(1);
  expect(out).toContain('One two three.\n');
  expect(count(out, 'three.')).toBe(1);
});

test('a turn that was begun anew shows the words that count', () => {
  const out = printed(true, (transcript) => {
    transcript.delta(delta(0, 'Wrong'));
    transcript.delta(delta(0, 'Right'));
    transcript.fact(recorded('Right words.'));
  });
  expect(out).toContain('(begun anew)\nRight words.\n');
});

test('who comes in the middle of a turn sees it once, when it is whole', () => {
  const out = printed(true, (transcript) => {
    transcript.delta(delta(4, 'two '));
    transcript.fact(recorded('One two three.'));
  });
  expect(out).toBe('\nTeam A (for), round 1\nOne two three.\n██████████ 100 % new · rehearsal model\n');
});

test('without a terminal a turn is printed when it is whole, and says whose it is', () => {
  const out = printed(false, (transcript) => {
    transcript.delta(delta(0, 'One '));
    transcript.fact(recorded('One two.'));
  });
  expect(out).toBe('\nTeam A (for), round 1\nOne two.\n██████████ 100 % new · rehearsal model\n');
});

test('what a human moderator does is shown, and who gives in or argues for the other side', () => {
  const out = printed(false, (transcript) => {
    transcript.fact(recorded('One two.', { flip: true }));
    transcript.fact({ type: 'debate-paused.v1', data: {} });
    transcript.fact({ type: 'note-added.v1', data: { text: 'What does it cost?' } });
    transcript.fact(recorded('You are right.', { concedes: true }));
  });
  expect(out).toContain('rehearsal model · argues for the other side\n\n(paused)\n\nNote: What does it cost?\n');
  expect(out).toContain('rehearsal model · gives in\n');
});

test('what a model wrote for the terminal is shown without its control sequences, whole or in pieces', () => {
  const evil = 'One \u001b]0;owned\u0007two\u001b[2J \u202ethree.';
  for (const isLive of [true, false]) {
    const out = printed(isLive, (transcript) => {
      transcript.delta(delta(0, evil.slice(0, 7)));
      transcript.delta(delta(7, evil.slice(7)));
      transcript.fact(recorded(evil));
    });
    expect(out).toContain('One ]0;ownedtwo[2J three.\n');
    expect(count(out, 'Team A')).toBe(1);
    expect(['\u001b', '\u0007', '\u202e'].filter((one) => out.includes(one))).toEqual([]);
  }
});

test('a model that is away is told of in a line: what waits, since when and why', () => {
  const since = Date.parse('2026-11-30T07:00:00Z');
  const away = { code: 'MODEL_UNREACHABLE', reason: 'No answer from http://127.0.0.1:11434.' };
  const out = printed(false, ({ fact }) => {
    fact({ type: 'model-waiting.v1', data: { awaits: 'turn', round: 2, side: 'con', since, ...away } });
    fact({ type: 'model-waiting.v1', data: { awaits: 'verdict', since, ...away } });
  });
  expect(out).toMatch(/\(the turn of Team B \(against\) has been waiting for a model since 2026-11-30T07:00:00.000Z; /);
  expect(out).toContain('No answer from http://127.0.0.1:11434.)');
  expect(out).toContain('(the verdict has been waiting for a model since');
});
