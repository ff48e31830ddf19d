// What a second look finds: three questions with a good and a bad answer.
import { type AccuracyCheckedV1, otherSide, type TurnRecordedV1, type Verdict } from '@parley/contracts/debate';
import type { Assessment } from './assessment.ts';

type Result = AccuracyCheckedV1['results'][number];

/** Machinery that no speaker says: chat templates, reasoning blocks, marks of quoted material, bare JSON. */
const machinery = /<\|[^|>]{1,40}\|>|<\/?think(?:ing)?>|\[\/?INST\]|<<[\w-]{8,}>>|^\s*[{[][\s\S]*[}\]]\s*$/i;
const leastLetters = 6;

/** Whether a turn is words for people, on the topic, and whether it argues for its own side. Concessions are declared. */
export function checkTurn(turn: TurnRecordedV1, found: Assessment): Result[] {
  const { side, text, concedes } = turn;
  const result = (check: Result['check'], reason: string | undefined, good: string): Result => ({
    check,
    isGood: reason === undefined,
    reason: (reason ?? good).slice(0, 300),
  });
  const stance = found.stance;
  const results = [result('valid', faultOf(text, found), 'words on the topic')];
  if (stance === undefined) return results;
  const isOther = !concedes && stance.side === otherSide[side];
  return [
    ...results,
    result('side', isOther ? stance.reason || 'it argues for the other side' : undefined, stance.reason),
  ];
}

function faultOf(text: string, { isOnTopic }: Assessment): string | undefined {
  const found = machinery.exec(text)?.[0];
  if (found !== undefined) return `it has machinery in it: ${found.slice(0, 60)}`;
  if ((text.match(/\p{L}/gu)?.length ?? 0) < leastLetters) return 'it has no words';
  return isOnTopic === false ? 'it is not about the motion' : undefined;
}

/** A winner stands when a second judge, who also has to name it in both orders, names it again. */
export function checkVerdict(given: Verdict, again: Verdict): Result[] {
  const isGood = given.outcome === again.outcome;
  return [{ check: 'verdict', isGood, reason: `first ${given.outcome}, then ${again.outcome}` }];
}

/**
 * Whether something belongs to a sample of this share: always the same answer for the same name, and of many names
 * that share. Source: FNV-1a (Fowler, Noll, Vo), with the finalizer of MurmurHash3 (Appleby), 32 bits.
 */
export function isSampled(name: string, share: number): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < share;
}
