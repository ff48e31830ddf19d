import { describe, expect, test } from '@jest/globals';
import { noveltySchema } from '@parley/contracts/debate';
import { freshText } from '@parley/testkit';
import fc from 'fast-check';
import { measureNovelty } from './novelty.ts';
import { sketch } from './sketch.ts';

const measure = (said: string, own: string[], opponent?: string) =>
  measureNovelty(sketch(said), own.map(sketch), opponent === undefined ? undefined : sketch(opponent));

const jobs =
  'Automation takes over routine work first, and that is exactly what gives people time for judgement, care and ' +
  'craft. When spreadsheets arrived, bookkeepers did not vanish: firms hired more analysts, because analysis got cheap.';
const retraining =
  'My opponent forgets who pays for the change. A lorry driver of fifty does not become a data analyst in a year, and ' +
  'no state has ever retrained people as fast as companies now install these systems.';
const safety =
  'Look at hospitals instead: radiologists who read scans together with a model find more tumours than either alone, ' +
  'and waiting lists in Leeds fell by a third. Patients gain something that no wage statistic shows.';
const jobsInOtherOrder =
  'Let me be clear. When spreadsheets arrived, bookkeepers did not vanish: firms hired more analysts, because analysis ' +
  'got cheap. Automation takes over routine work first, and that is exactly what gives people time for judgement.';
const 工作 =
  '人工智能首先取代的是重复性劳动，这让人们有更多时间去做需要判断力和同理心的工作。电子表格出现以后，会计并没有消失，企业反而雇用了更多的分析师。';
const 培训 =
  '对方忽略了转型的代价由谁承担。一个五十岁的卡车司机不可能在一年之内变成数据分析师，历史上也没有哪个国家的再培训速度赶得上企业部署新系统的速度。';
const 医院 =
  '请看医院的例子：放射科医生与模型一起阅读影像，比任何一方单独工作都能发现更多的肿瘤，患者等待的时间缩短了三分之一，这是工资统计里看不到的收益。';
const 工作换个顺序 =
  '我再说一遍。电子表格出现以后，会计并没有消失，企业反而雇用了更多的分析师。人工智能首先取代的是重复性劳动，这让人们有更多时间去做需要判断力的工作。';

describe('the first turn', () => {
  test('is new, for there is nothing to compare it with', () => {
    expect(measure(jobs, [])).toEqual({
      score: 1,
      isStale: false,
      step: 'none',
      containment: 0,
      jaccard: 0,
      against: 'nothing',
    });
  });
});

describe.each([
  ['English', jobs, retraining, safety, jobsInOtherOrder],
  ['Chinese', 工作, 培训, 医院, 工作换个顺序],
])('in %s', (_, first, answer, fresh, reordered) => {
  test('the same words again are stale at the first step', () => {
    expect(measure(`  ${first.toUpperCase()} `, [first], answer)).toMatchObject({
      score: 0,
      isStale: true,
      step: 'hash',
      against: 'own',
    });
  });

  test('the same sentences in another order are stale', () => {
    expect(measure(reordered, [first], answer)).toMatchObject({ isStale: true, step: 'containment', against: 'own' });
  });

  test('a new argument is not, though it is about the same thing', () => {
    for (const said of [answer, fresh]) {
      const { isStale, score } = measure(said, [first], answer === said ? undefined : answer);
      expect(isStale).toBe(false);
      expect(score).toBeGreaterThan(0.6);
    }
  });

  test('to repeat the opponent is stale too', () => {
    expect(measure(answer, [first], answer)).toMatchObject({ isStale: true, against: 'opponent' });
  });
});

test('the same meaning-carrying words in new phrases are stale at the third step', () => {
  const said = 'Tea calms nerves. Coffee wakes cities. Milk feeds children. Water cleans rivers.';
  const again = 'Nerves tea calms; cities coffee wakes; children milk feeds; rivers water cleans!';
  expect(measure(again, [said])).toMatchObject({ isStale: true, step: 'jaccard', jaccard: 1, containment: 0 });
});

test('the closest of the earlier turns counts', () => {
  expect(measure(jobs, [safety, jobs], retraining)).toMatchObject({ step: 'hash', against: 'own' });
  expect(measure(jobs, [safety, retraining], jobs)).toMatchObject({ step: 'hash', against: 'opponent' });
});

test('a new sentence of two words is new', () => {
  expect(measure('Diversification matters.', [jobs], retraining)).toMatchObject({ isStale: false });
});

test('a short new answer to a very long turn is new', () => {
  const stale = Array.from({ length: 30 }, (_, i) =>
    measure(freshText(`short ${i}`, 80), [], freshText(`long ${i}`, 8000)),
  );
  expect(stale.filter(({ isStale }) => isStale)).toEqual([]);
});

test('what is measured keeps to its contract', () => {
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(jobs, retraining, 工作, 医院));
  fc.assert(
    fc.property(
      texts,
      fc.array(texts, { maxLength: 2 }),
      fc.option(texts, { nil: undefined }),
      (said, own, opponent) => {
        const found = measure(said, own, opponent);
        expect(noveltySchema.safeParse(found).success).toBe(true);
        expect(found.isStale).toBe(found.step !== 'none');
      },
    ),
  );
});
