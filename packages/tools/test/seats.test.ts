import { expect, test } from '@jest/globals';

type Kind = 'busy' | 'idle' | 'alone';
interface Seats {
  createSeats(processors: number): { take(want: { kind: Kind; rank: number }, onSeat: () => void): () => void };
  openSeats(): Promise<number>;
  takeSeat(port: number, want: { kind: Kind; rank: number }): Promise<() => void>;
}
const { createSeats, openSeats, takeSeat } = (await import(
  new URL('../../../scripts/seats.mjs', import.meta.url).href
)) as Seats;

/** Two processors' seats, whose takers are named; `seated` holds them in the order in which they sat down. */
function room() {
  const seats = createSeats(2);
  const seated: string[] = [];
  const asks = (name: string, kind: Kind, rank = 0) => seats.take({ kind, rank }, () => seated.push(name));
  return { seated, asks };
}

test('as many busy suites run as there are processors, and the lowest rank is next', () => {
  const { seated, asks } = room();
  const leave = asks('one', 'busy');
  asks('two', 'busy');
  asks('late', 'busy', 2);
  asks('early', 'busy', 1);
  expect(seated).toEqual(['one', 'two']);
  leave();
  expect(seated).toEqual(['one', 'two', 'early']);
});

test('one idle suite runs beside whatever else runs', () => {
  const { seated, asks } = room();
  asks('one', 'busy');
  asks('two', 'busy');
  const leave = asks('idle', 'idle');
  asks('another', 'idle');
  expect(seated).toEqual(['one', 'two', 'idle']);
  leave();
  expect(seated).toEqual(['one', 'two', 'idle', 'another']);
});

test('a suite that runs alone comes after all busy ones, those that wait as well, and none begins beside it', () => {
  const { seated, asks } = room();
  const leave = [asks('one', 'busy'), asks('two', 'busy')];
  const leaveAlone = asks('alone', 'alone');
  leave.push(asks('three', 'busy', 9));
  for (const one of leave) {
    expect(seated).not.toContain('alone');
    one();
  }
  expect(seated).toEqual(['one', 'two', 'three', 'alone']);
  asks('another', 'alone');
  asks('later', 'busy', 9);
  asks('idle', 'idle');
  expect(seated.slice(3)).toEqual(['alone', 'idle']);
  leaveAlone();
  expect(seated.at(-1)).toBe('later');
});

test('one that waits no longer keeps nobody from a seat', () => {
  const { seated, asks } = room();
  const leaveAlone = asks('alone', 'alone');
  const leave = asks('busy', 'busy');
  asks('another', 'alone');
  leave();
  leaveAlone();
  expect(seated).toEqual(['alone', 'another']);
});

test('a seat is taken and given back over the wire', async () => {
  const port = await openSeats();
  const leave = await takeSeat(port, { kind: 'alone', rank: 0 });
  const next = takeSeat(port, { kind: 'alone', rank: 0 });
  leave();
  (await next)();
});
