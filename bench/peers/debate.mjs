// The debate that every peer runs: 12 rounds of pro and con without any model latency, then one verdict.
export const rounds = 12;
export const sides = ['pro', 'con'];
export const turns = rounds * sides.length;

/** What a model would say: about 200 characters, at once. */
export async function speak(who, turn) {
  return `${who} makes point ${turn} of the debate. ${'An argument follows from it. '.repeat(6)}`.slice(0, 200);
}

/** The last step. */
export async function judge(said) {
  return { winner: said.length % 2 === 0 ? 'pro' : 'con', reason: await speak('the judge', said.length) };
}

/** Throws unless a finished debate has all its turns, in order and on alternating sides, and a verdict. */
export function check({ turns: said, verdict }) {
  if (said.length !== turns) throw new Error(`A debate ended with ${said.length} turns, expected ${turns}.`);
  for (const [i, { who, text }] of said.entries()) {
    const side = sides[i % sides.length];
    if (who !== side || !text.startsWith(`${side} makes point ${i + 1} `)) {
      throw new Error(`Turn ${i + 1} is "${text.slice(0, 40)}" of ${who}, expected ${side}'s.`);
    }
  }
  if (!verdict?.winner || !verdict.reason) throw new Error('A debate ended without a verdict.');
}
