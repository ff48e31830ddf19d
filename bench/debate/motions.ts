import type { Side } from '@parley/contracts/debate';

/** A motion on a topic of packages/cli/corpus/turn-pairs.jsonl, whose turns one of the two sides could have spoken. */
export interface Motion {
  readonly topic: string;
  readonly language: 'en' | 'zh';
  readonly motion: string;
  /** The side that the corpus' turns argue for. */
  readonly side: Side;
}

const of = (language: Motion['language'], topic: string, side: Side, motion: string): Motion => ({
  topic,
  language,
  motion,
  side,
});

/** English and Chinese in turn, so that the first few are of both; each side has the corpus' turns in about half. */
export const motions: readonly Motion[] = [
  of('en', 'bus-fares', 'pro', 'Should public buses be free?'),
  of('en', 'homework', 'con', 'Should primary schools set homework?'),
  of('zh', 'nuclear-power', 'pro', '我们应当继续使用核电吗？'),
  of('en', 'zoos', 'con', 'Should all zoos be closed?'),
  of('en', 'remote-work', 'pro', 'Should office work be done from home by default?'),
  of('zh', 'space', 'con', '人类应当投入巨资载人登陆火星吗？'),
  of('en', 'voting-age', 'pro', 'Should people vote from the age of sixteen?'),
  of('en', 'space', 'con', 'Should we send people to Mars?'),
  of('zh', 'basic-income', 'pro', '国家应当发放无条件基本收入吗？'),
  of('en', 'basic-income', 'con', 'Does a basic income make people lazy?'),
  of('en', 'self-driving', 'pro', 'Should self-driving cars be admitted to all roads?'),
  of('zh', 'death-penalty', 'con', '应当保留死刑吗？'),
  of('en', 'museums-return', 'pro', 'Should museums return the Benin bronzes?'),
  of('en', 'exams', 'con', 'Are written exams the best measure of what pupils know?'),
  of('zh', 'libraries', 'pro', '城市应当增加公共图书馆的经费吗？'),
  of('en', 'gene-editing', 'con', 'Should parents be allowed to edit the genes of embryos?'),
  of('en', 'four-day-week', 'pro', 'Should the working week have four days?'),
  of('zh', 'homework', 'con', '小学应当布置家庭作业吗？'),
  of('en', 'organ-donation', 'pro', 'Should everyone be an organ donor unless they object?'),
  of('en', 'cash', 'con', 'Should cash be abolished?'),
  of('zh', 'inheritance-tax', 'pro', '应当征收高额遗产税吗？'),
  of('en', 'ai-art', 'con', 'Should machines be trained on pictures without asking those who made them?'),
  of('en', 'wolves', 'pro', 'Should wolves be brought back to our forests?'),
  of('zh', 'phones-in-school', 'con', '学生应当可以把手机带进教室吗？'),
];

/** So many motions, each of its own: beyond the list they come again with a number. */
export function motionsFor(debates: number): Motion[] {
  return Array.from({ length: debates }, (_, n) => {
    const one = motions[n % motions.length] as Motion;
    const again = Math.floor(n / motions.length);
    return again === 0 ? one : { ...one, motion: `${one.motion} (${again + 1})` };
  });
}
