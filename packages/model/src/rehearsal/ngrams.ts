import { hash } from './hash.ts';

const dimensions = 256;

/** Runs of letters, marks and digits. */
const runs = /[\p{L}\p{M}\p{N}]+/gu;

/**
 * A vector of 256 hashed counts of words and of their character trigrams, of length 1. It knows spelling and no
 * meaning whatever: two texts are near when they share letters, and a paraphrase in other words is far. For tests and
 * rehearsals only. Source: the hashing trick, Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning.
 */
export function ngramVector(text: string): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  const add = (gram: string, weight: number) => {
    const value = hash(gram);
    const at = value % dimensions;
    // One bit of the hash gives the sign, so that collisions cancel instead of adding up.
    vector[at] = (vector[at] ?? 0) + ((value >>> 16) & 1 ? weight : -weight);
  };
  for (const [word] of text.normalize('NFKC').toLowerCase().matchAll(runs)) {
    add(`w ${word}`, 1);
    const characters = [...` ${word} `];
    for (let at = 0; at + 2 < characters.length; at += 1) add(`c ${characters.slice(at, at + 3).join('')}`, 0.5);
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
