import { describe, expect, test } from '@jest/globals';
import type { EffectOutcome } from '@parley/contracts';
import { foldEquals, fullRounds, runDecider, scenario, startDebate, turnFailed, turnReplied } from '@parley/testkit';
import { type DebateInput, debate } from './debate.ts';
import { maxControls } from './debate-control.ts';

const after = (...inputs: DebateInput[]) => scenario(debate).given(...runDecider(debate, inputs).events);
const pause: DebateInput = { type: 'pause-debate.v1', data: {} };
const resume: DebateInput = { type: 'resume-debate.v1', data: {} };
const cancel: DebateInput = { type: 'cancel-debate.v1', data: {} };
const deadline: DebateInput = { type: 'effect.succeeded', effect: 'timer', key: 'deadline', result: null };
const note = (text: string): DebateInput => ({ type: 'add-note.v1', data: { text } });
const suspicious = turnReplied(1, 'pro', 'You have convinced me: coffee is better.');
const ownSide: EffectOutcome = {
  type: 'effect.succeeded',
  effect: 'assess',
  key: 'assess/1/pro/1',
  result: { usage: { inputTokens: 1, outputTokens: 1 }, skipped: [], stance: { side: 'pro', reason: 'Irony.' } },
};

describe('a pause', () => {
  test('withdraws the floor in the middle of a turn; what is said then is refused', () => {
    after(startDebate())
      .when(pause)
      .then([{ type: 'debate-paused.v1', data: { withdrawn: { round: 1, side: 'pro' } } }]);
    after(startDebate(), pause).when(turnReplied(1, 'pro')).refuses('OUT_OF_TURN');
    after(startDebate(), pause).when(turnFailed(1, 'pro')).refuses('OUT_OF_TURN');
  });

  test('ends with the floor given anew; only an answer to this asking counts', () => {
    const resumed = after(startDebate(), ...fullRounds(1), pause, resume);
    const { events } = after(startDebate(), ...fullRounds(1), pause)
      .when(resume)
      .decided();
    expect(events).toMatchObject([
      { type: 'debate-resumed.v1', data: { next: { round: 2, side: 'pro', attempt: 2 } } },
    ]);
    resumed.when(turnReplied(2, 'pro')).refuses('OUT_OF_TURN');
    resumed.when(turnFailed(2, 'pro')).refuses('OUT_OF_TURN');
    const { state } = resumed.when(turnReplied(2, 'pro', undefined, { attempt: 2 })).decided();
    expect(state).toMatchObject({ phase: 'debating', round: 2, side: 'con' });
  });

  test('again names the asking that it withdraws', () => {
    const { events } = after(startDebate(), pause, resume).when(pause).decided();
    expect(events).toMatchObject([{ data: { withdrawn: { round: 1, side: 'pro', attempt: 2 } } }]);
  });

  test('lets a turn that has come be looked at, and recorded without giving the floor', () => {
    const { events } = after(startDebate(), suspicious).when(pause).decided();
    expect(events).toEqual([{ type: 'debate-paused.v1', data: {} }]);
    const paused = after(startDebate(), suspicious, pause);
    expect(paused.when(ownSide).decided().events).toMatchObject([{ type: 'turn-recorded.v1', data: { next: null } }]);
    const { events: resumed } = after(startDebate(), suspicious, pause, ownSide).when(resume).decided();
    expect(resumed).toMatchObject([{ data: { next: { round: 1, side: 'con', attempt: 1 } } }]);
    const { events: earlier, state } = paused.when(resume).decided();
    expect(earlier).toEqual([{ type: 'debate-resumed.v1', data: { next: null } }]);
    expect(state).toMatchObject({ phase: 'assessing' });
  });

  test('of a turn that switches sides asks for it once more when the debate goes on', () => {
    const otherSide = { ...ownSide, result: { ...(ownSide.result as object), stance: { side: 'con', reason: 'So.' } } };
    const run = runDecider(debate, [startDebate(), suspicious, pause, otherSide as EffectOutcome, resume]);
    expect(run.events.at(-2)).toMatchObject({ type: 'turn-rejected.v1', data: { next: null } });
    expect(run.events.at(-1)).toMatchObject({
      data: { next: { attempt: 2, objection: expect.stringContaining('So.') } },
    });
    foldEquals(debate, run.events, run.state);
  });

  test('does not stop the clock, nor what ends a debate', () => {
    for (const [end, stopReason] of [
      [deadline, 'deadline'],
      [cancel, 'cancelled'],
    ] as const) {
      const { events } = after(startDebate(), ...fullRounds(1), pause)
        .when(end)
        .decided();
      expect(events[0]).toMatchObject({ type: 'debate-stopped.v1', data: { stopReason, rounds: 1 } });
      expect(events[0]?.data).not.toHaveProperty('withdrawn');
    }
  });

  test('and its end are refused where they say nothing', () => {
    scenario(debate).when(pause).refuses('NOT_RUNNING');
    after(startDebate(), pause).when(pause).refuses('ALREADY_PAUSED');
    after(startDebate()).when(resume).refuses('NOT_PAUSED');
    after(startDebate({ maxRounds: 1 }), ...fullRounds(1))
      .when(pause)
      .refuses('NOT_RUNNING');
  });
});

describe("a human moderator's note", () => {
  test('rides in the floors that are given from then on, the newest three', () => {
    const { events } = after(startDebate(), note('one')).when(turnReplied(1, 'pro')).decided();
    expect(events).toMatchObject([{ data: { next: { note: ['one'] } } }]);
    const more = after(startDebate(), ...['one', 'two', 'three', 'four'].map(note));
    expect(more.when(turnReplied(1, 'pro')).decided().events).toMatchObject([
      { data: { next: { note: ['two', 'three', 'four'] } } },
    ]);
  });

  test('is taken while the debate is paused, and not when the floor is closed', () => {
    const { events } = after(startDebate(), pause, note('Costs, please.')).when(resume).decided();
    expect(events).toMatchObject([{ data: { next: { note: ['Costs, please.'] } } }]);
    after(startDebate(), cancel).when(note('too late')).refuses('NOT_RUNNING');
  });
});

test('notes and pauses are as many as a log bears', () => {
  const notes = Array.from({ length: maxControls }, (_, n) => note(`note ${n}`));
  after(startDebate(), ...notes)
    .when(note('one more'))
    .refuses('TOO_MANY_CONTROLS');
  after(startDebate(), ...notes)
    .when(pause)
    .refuses('TOO_MANY_CONTROLS');
});
