import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Side, Vote } from '@parley/contracts/debate';
import { type ChatRequest, createModelClient, createRehearsalModel, type Model } from '@parley/model';
import { createJudges } from '@parley/moderator/out/judges.ts';

/** A transcript with one side that argues and one that does not. Written for this project. */
interface Pair {
  readonly id: string;
  readonly lang: 'en' | 'zh';
  readonly topic: string;
  readonly strong: Side;
  readonly turns: readonly { readonly round: number; readonly side: Side; readonly text: string }[];
}
const corpus = readFileSync(new URL('../corpus/verdict-pairs.jsonl', import.meta.url), 'utf8');
const pairs = corpus
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair);

type Ruling = { winner: 'X' | 'Y' | 'contested'; x: number; y: number };

/** A judge that sees what a real one sees: the prompt, and nothing else. */
function scripted(rule: (said: { X: string; Y: string }) => Ruling): Model {
  return {
    ...createRehearsalModel(),
    provider: 'ollama',
    async chat(request: ChatRequest) {
      const said = saidIn(request.messages.at(-1)?.content ?? '');
      const { winner, x, y } = rule(said);
      const each = (n: number) => ({ argument: n, evidence: n, rebuttal: n, clarity: n });
      const text = JSON.stringify({ winner, scores: { X: each(x), Y: each(y) }, reason: `${winner} it is.` });
      const counts = { inputTokens: 100, outputTokens: 20, firstTokenMs: 0, totalMs: 0 };
      return { text, model: request.model, provider: 'ollama', finishReason: 'stop', ...counts };
    },
  };
}

function saidIn(prompt: string): { X: string; Y: string } {
  const said = { X: '', Y: '' };
  for (const [, label, , text] of prompt.matchAll(/^([XY]), round \d+:\n<<([\w-]+)>>\n([\s\S]*?)\n<<\2>>/gm)) {
    said[label as 'X' | 'Y'] += text;
  }
  return said;
}

/** Content alone: figures named, and how many different characters it took. */
const weight = (text: string): number => (text.match(/\d+/g)?.length ?? 0) * 10 + new Set(text).size;

const fair = scripted(({ X, Y }) => {
  const [x, y] = [weight(X), weight(Y)];
  return { winner: x > y ? 'X' : 'Y', x: x > y ? 8 : 3, y: x > y ? 3 : 8 };
});
const alwaysX = scripted(() => ({ winner: 'X', x: 9, y: 2 }));
const alwaysY = scripted(() => ({ winner: 'Y', x: 2, y: 9 }));

function judgesOver(ollama: Model | undefined, name: string) {
  const rehearsal = createRehearsalModel();
  const model = createModelClient({ models: { ollama, openai: undefined, rehearsal } });
  return createJudges({ model, models: [name], contextTokens: 8_192, maxTokens: 600, budgetMs: 10_000 });
}

async function judge(pair: Pair, ollama: Model | undefined, name: string, panel: 1 | 3 = 1) {
  const { id, topic, turns } = pair;
  const signal = new AbortController().signal;
  return judgesOver(ollama, name)({ id, topic, turns, setup: { panel }, signal });
}

test('the corpus is what it says: at least 20 transcripts, both languages, either side as often', () => {
  expect(pairs.length).toBeGreaterThanOrEqual(20);
  expect(new Set(pairs.map(({ id }) => id)).size).toBe(pairs.length);
  for (const lang of ['en', 'zh']) {
    const strong = pairs.filter((pair) => pair.lang === lang).map((pair) => pair.strong);
    expect(strong.filter((side) => side === 'pro')).toHaveLength(strong.length / 2);
  }
});

describe.each(pairs)('$id: $topic ($strong is strong)', (pair) => {
  test.each([1, 3] as const)('a fair judge names the strong side, in a panel of %i too', async (panel) => {
    const { verdict, votes, positionFlip } = await judge(pair, fair, 'fair', panel);
    expect(verdict.outcome).toBe(pair.strong);
    expect(votes).toHaveLength(2 * panel);
    expect(positionFlip).toBe(false);
  });

  test.each([
    ['X', alwaysX, ['pro', 'con']],
    ['Y', alwaysY, ['con', 'pro']],
  ] as const)('a judge that always prefers %s decides nothing', async (_label, biased, winners) => {
    for (const panel of [1, 3] as const) {
      const { verdict, votes = [], positionFlip } = await judge(pair, biased, 'biased', panel);
      expect(verdict).toMatchObject({
        outcome: 'contested',
        scores: { pro: { argument: 5.5 }, con: { argument: 5.5 } },
      });
      expect(votes.slice(0, 2).map((vote: Vote) => vote.winner)).toEqual(winners);
      expect(positionFlip).toBe(true);
    }
  });

  test('the rehearsal judge never names the weak side, and says the same in both orders', async () => {
    const { verdict, votes = [], positionFlip } = await judge(pair, undefined, 'rehearsal');
    expect([pair.strong, 'contested']).toContain(verdict.outcome);
    expect(positionFlip).toBe(false);
    expect(votes[0]?.scores).toEqual(votes[1]?.scores);
  });
});
