import { expect, test } from '@jest/globals';
import { hearing } from '../src/hearing.ts';

const group = 'moderator';

test('A process whose group has let it in and hears nothing for a minute is to be replaced.', () => {
  expect(hearing({ groups: [{ group, hasJoined: true, heartbeatAgeMs: 59_000 }] })).toBe('ok');
  expect(() => hearing({ groups: [{ group, hasJoined: true, heartbeatAgeMs: 61_000 }] })).toThrow(
    'the consumer of moderator is deaf for 61000 ms',
  );
});

test('One that waits for brokers since its start is not: the next one would wait as long.', () => {
  expect(hearing({ groups: [{ group, hasJoined: false, heartbeatAgeMs: 600_000 }] })).toBe('ok');
});
