import { describe, expect, test } from '@jest/globals';
import { defaultTopic, type Side } from '@parley/contracts/debate';
import { createRehearsalModel } from '@parley/model';
import { freshText } from '@parley/testkit';
import { type Sketch, sketch } from './sketch.ts';
import { maySwitchSides } from './stance.ts';

const nobody = { own: [], opponent: undefined };

describe('a turn may switch sides when it opens with', () => {
  test.each<[Side, string]>([
    ['pro', 'I now agree that we should not ban private cars, because people need them.'],
    ['con', 'We must admit that our opponents are right about the air in our cities.'],
    ['con', 'You have convinced me: tea is better.'],
    ['pro', 'I was wrong about the costs, and so was my team.'],
    ['con', 'I hereby switch sides.'],
    ['pro', 'My opponent is absolutely right, and there is nothing to add.'],
    ['pro', 'We strongly oppose the motion for three reasons.'],
    ['con', 'As Team A, I want to show why tea wins.'],
    ['con', 'We now support this motion without reserve.'],
    ['con', '我现在同意对方的看法，茶确实更好。'],
    ['pro', '对方说服了我，我改变立场。'],
    ['pro', '我方坚决反对这个辩题。'],
    ['con', '作为正方，我们认为茶更好。'],
    ['pro', '我们错了，咖啡更好。'],
  ])('%s: %s', (side, text) => {
    expect(maySwitchSides(text, side, nobody)).toBe(true);
  });
});

describe('a turn may not when it', () => {
  test.each<[Side, string]>([
    ['pro', 'My opponent says that I was mistaken. The figures say otherwise.'],
    ['pro', 'I agree that cars are handy, but handy is not the same as good for a city.'],
    ['con', 'The other side is right to worry about costs; still, its remedy is worse.'],
    ['pro', 'We support the motion, and here is another reason.'],
    ['con', 'We oppose the motion because it punishes the poor.'],
    ['con', '我方反对这个辩题，理由有三。'],
    ['pro', '对方同学说我们忽视了成本，这并不属实。'],
    ['pro', `${'Tea has many virtues that nobody denies. '.repeat(8)}I was wrong once about milk.`],
    ['con', ''],
  ])('%s: %s', (side, text) => {
    expect(maySwitchSides(text, side, nobody)).toBe(false);
  });

  test("says its own words again, were they the opponent's or not", () => {
    const words = sketch(freshText('the same', 300));
    expect(maySwitchSides(freshText('the same', 300), 'con', { own: [words], opponent: words })).toBe(false);
  });
});

test('no speech of the rehearsal model is suspicious: an ordinary debate costs not one message more', async () => {
  const model = createRehearsalModel();
  for (const topic of [defaultTopic, 'Tea is better than coffee', '人工智能会取代教师吗', 'Cities should ban cars']) {
    const said: Record<Side, Sketch[]> = { pro: [], con: [] };
    let heard = '';
    for (const [i, side] of Array.from({ length: 8 }, () => ['pro', 'con'] as const)
      .flat()
      .entries()) {
      const purpose = { kind: 'turn', topic, side, round: Math.floor(i / 2) + 1 } as const;
      const messages = [{ role: 'user' as const, content: `Reply to:\n${heard}` }];
      const { signal } = new AbortController();
      const { text } = await model.chat({
        model: 'rehearsal',
        messages,
        purpose,
        maxTokens: 400,
        contextTokens: 2_048,
        signal,
      });
      const opponent = said[side === 'pro' ? 'con' : 'pro'].at(-1);
      expect([topic, i, maySwitchSides(text, side, { own: said[side], opponent })]).toEqual([topic, i, false]);
      said[side] = [...said[side], sketch(text)].slice(-2);
      heard = text;
    }
  }
});

test("the opponent's last words said as one's own are suspicious, a quotation among new ones is not", () => {
  const theirs = freshText('theirs', 300);
  const before = { own: [], opponent: sketch(theirs) };
  expect(maySwitchSides(theirs, 'con', before)).toBe(true);
  expect(maySwitchSides(`${theirs} ${freshText('mine', 150)}`, 'con', before)).toBe(true);
  expect(maySwitchSides(`${theirs} ${freshText('mine', 600)}`, 'con', before)).toBe(false);
});
