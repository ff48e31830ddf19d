import { expect, test } from '@jest/globals';
import { defaultTopic, type Side } from '@parley/contracts/debate';
import type { ChatMessage, ChatRequest } from '../model.ts';
import { speech } from './speech.ts';

const english = 'Cities should ban private cars';
const chinese = '人工智能是否会取代教师';

function ask(topic: string, side: Side, round: number, messages: readonly ChatMessage[] = []): string {
  const request: ChatRequest = {
    model: 'rehearsal',
    messages,
    purpose: { kind: 'turn', topic, side, round },
    maxTokens: 400,
    contextTokens: 2_048,
    signal: new AbortController().signal,
  };
  return speech(request);
}

/** A debate as it runs: each speaker's prompt holds what the other side said last. */
function debate(topic: string, rounds = 8): string[] {
  const turns: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of ['pro', 'con'] as const) {
      const heard = turns.at(-1);
      turns.push(
        ask(topic, side, round, heard === undefined ? [] : [{ role: 'user', content: `Reply to:\n${heard}` }]),
      );
    }
  }
  return turns;
}

/** Share of `b`'s grams that occur in `a`. Source: Broder 1997. */
function containment(a: readonly string[], b: readonly string[]): number {
  const known = new Set(a);
  return b.filter((gram) => known.has(gram)).length / b.length;
}
const wordTriples = (text: string) => grams(text.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [], 3);
const characterPairs = (text: string) => grams(text.match(/\p{Script=Han}/gu) ?? [], 2);
function grams(units: readonly string[], size: number): string[] {
  return units.slice(size - 1).map((_, at) => units.slice(at, at + size).join(' '));
}

function mostAlike(turns: readonly string[], gramsOf: (text: string) => string[]): number {
  const sets = turns.map(gramsOf);
  return Math.max(...sets.flatMap((a, i) => sets.flatMap((b, j) => (i === j ? [] : [containment(a, b)]))));
}

const wordCount = (text: string) => text.split(/\s+/).length;
const sentenceCount = (text: string) => text.split(/[.!?](?:["”]?\s|$)/).filter((part) => part.trim() !== '').length;

test.each([[defaultTopic], [english], ['Is remote work good for young employees?']])(
  'no two of the 16 turns on "%s" share 30 percent of their word triples',
  (topic) => {
    expect(mostAlike(debate(topic), wordTriples)).toBeLessThan(0.3);
  },
);

test.each([[chinese], ['电动汽车应当全面取代燃油汽车']])(
  'no two of the 16 turns on %s share half of their character pairs',
  (topic) => {
    expect(mostAlike(debate(topic), characterPairs)).toBeLessThan(0.5);
  },
);

test.each([[defaultTopic], [english]])('every turn on "%s" has 60 to 140 words in 2 to 5 sentences', (topic) => {
  for (const turn of [...debate(topic), ask(topic, 'pro', 1), ask(topic, 'con', 5)]) {
    expect({ turn, words: wordCount(turn) >= 60 && wordCount(turn) <= 140 }).toEqual({ turn, words: true });
    expect({ turn, sentences: sentenceCount(turn) >= 2 && sentenceCount(turn) <= 5 }).toEqual({
      turn,
      sentences: true,
    });
  }
});

test.each([[defaultTopic], [english], [chinese]])('the script on %s leaves no placeholder behind', (topic) => {
  for (const turn of debate(topic, 10)) expect(turn).not.toMatch(/[{}]/);
});

test('the same purpose gives the same text', () => {
  expect(debate(english)).toEqual(debate(english));
  expect(debate(english)).not.toEqual(debate('Cities should ban bicycles'));
});

test('the topic is named in a turn about any topic', () => {
  expect(ask(english, 'con', 3)).toContain(`"${english}"`);
  expect(ask(chinese, 'con', 3)).toContain(`「${chinese}」`);
  expect(ask('x'.repeat(200), 'con', 3)).toContain('this motion');
});

test('from the ninth round on a side repeats its eighth speech', () => {
  expect(ask(defaultTopic, 'pro', 9)).toBe(ask(defaultTopic, 'pro', 8));
  expect(ask(defaultTopic, 'pro', 30)).toBe(ask(defaultTopic, 'pro', 8));
});

test('a turn answers the argument the opponent made last', () => {
  const first = ask(defaultTopic, 'pro', 1);
  const second = ask(defaultTopic, 'pro', 2);
  const prompt = (content: string): ChatMessage[] => [{ role: 'user', content }];
  expect(ask(defaultTopic, 'con', 2, prompt(first))).toContain('cheaper services that create demand');
  expect(ask(defaultTopic, 'con', 2, prompt(`${first}\n${second}`))).toContain('the measured gains of beginners');
});

test('a turn quotes the first words of an opponent who has no script', () => {
  const fenced = '<turn-8f3a61c0>\nRobots took my cousin away from his bench, and nobody called.\n</turn-8f3a61c0>';
  const said = ask(defaultTopic, 'pro', 3, [{ role: 'user', content: `Your opponent said:\n${fenced}\nReply.` }]);
  expect(said).toContain('You said "Robots took my cousin away from"');
});

test('the motion between marks is nobody’s speech and is not quoted', () => {
  const topic = 'Should cities ban cars?';
  const fenced = `<<k3Jd9-aQx01>>\n${topic}\n<<k3Jd9-aQx01>>`;
  expect(ask(topic, 'pro', 1, [{ role: 'user', content: `The motion:\n${fenced}` }])).not.toContain('You said');
});

test('a side with evidence cites one piece word for word, another in each round, and takes none for the opponent', () => {
  const prompt = (nonce: string) =>
    [
      `The motion:\n<<${nonce}>>\n${english}\n<<${nonce}>>`,
      `Evidence [E1]:\n<<${nonce}>>\nCensus\n\nForty thousand "cars" stood still all day.\n<<${nonce}>>`,
      `Evidence [Noise]:\n<<${nonce}>>\nNoise shortens sleep.\n<<${nonce}>>`,
    ].join('\n\n');
  const say = (round: number) => ask(english, 'pro', round, [{ role: 'user', content: prompt('nonce-1234') }]);
  expect(say(1)).toMatch(/"Forty thousand cars stood still all day\." \[E1\]\.$/);
  expect(say(2)).toMatch(/"Noise shortens sleep\." \[Noise\]\.$/);
  expect(say(1)).not.toContain('You said');
  const asked = { role: 'user', content: prompt('nonce-1234') } as const;
  expect(ask(chinese, 'con', 1, [asked])).toMatch(/资料写得很清楚：“Forty .*”\[E1\]。$/);
});
