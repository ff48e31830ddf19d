import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Side } from '@parley/contracts/debate';
import { mayConcede } from '@parley/debater/domain/concession.ts';
import { maySwitchSides } from '@parley/moderator/domain/stance.ts';

/** What a turn does: gives up, does not; names the other position or gives its own up, does not. */
interface Labelled {
  readonly language: string;
  readonly label: 'concedes' | 'stands' | 'switches' | 'keeps';
  readonly side?: Side;
  /** Written after the phrases, which were not changed for it. */
  readonly isHeldOut?: boolean;
  readonly text: string;
}

const texts = readFileSync(new URL('../corpus/concessions.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Labelled);
const languages = [...new Set(texts.map(({ language }) => language))];

/** Precision and recall of a suspicion, and what it got wrong. */
function told(of: readonly Labelled[], positive: Labelled['label'], isSuspected: (one: Labelled) => boolean) {
  const suspected = of.filter(isSuspected);
  const hits = suspected.filter(({ label }) => label === positive).length;
  const missed = of.filter((one) => one.label === positive && !isSuspected(one)).map(({ text }) => text);
  const wrong = suspected.filter(({ label }) => label !== positive).map(({ text }) => text);
  return { precision: hits / suspected.length, recall: hits / (hits + missed.length), missed, wrong };
}

test('the labelled texts have all labels in each language', () => {
  expect(languages.toSorted()).toEqual(['de', 'es', 'fr', 'ja']);
  for (const language of languages) {
    const count = (label: string) => texts.filter((one) => one.language === language && one.label === label).length;
    expect([count('concedes') >= 11, count('stands') >= 11, count('switches') >= 8, count('keeps') >= 6]).toEqual([
      ...Array(4).fill(true),
    ]);
  }
  expect(new Set(texts.map(({ text, side }) => `${side} ${text}`)).size).toBe(texts.length);
});

describe.each(languages)('in %s', (language) => {
  const of = (...labels: string[]) =>
    texts.filter((one) => one.language === language && labels.includes(one.label) && one.isHeldOut !== true);

  test('concessions are suspected with precision 0.9 and recall 0.9', () => {
    const found = told(of('concedes', 'stands'), 'concedes', ({ text }) => mayConcede(text));
    expect([found, found.precision >= 0.9, found.recall >= 0.9]).toEqual([found, true, true]);
  });

  test('a change of sides is suspected with precision 0.9 and recall 0.9', () => {
    const nobody = { own: [], opponent: undefined };
    const found = told(of('switches', 'keeps'), 'switches', ({ text, side }) =>
      maySwitchSides(text, side ?? 'pro', nobody),
    );
    expect([found, found.precision >= 0.9, found.recall >= 0.9]).toEqual([found, true, true]);
  });

  test('texts that the phrases were not made with are suspected with precision 0.8 and recall 0.6', () => {
    const heldOut = texts.filter((one) => one.language === language && one.isHeldOut === true);
    const found = told(heldOut, 'concedes', ({ text }) => mayConcede(text));
    expect([found, found.precision >= 0.8, found.recall >= 0.6]).toEqual([found, true, true]);
  });
});
