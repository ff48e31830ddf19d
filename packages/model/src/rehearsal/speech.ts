import { defaultTopic, otherSide, type Side } from '@parley/contracts/debate';
import type { ChatRequest } from '../model.ts';
import { chineseScript } from './chinese-script.ts';
import { citationOf, withoutEvidence } from './evidence.ts';
import { generalScript } from './general-script.ts';
import { hash } from './hash.ts';
import { jobsScript } from './jobs-script.ts';
import { type Script, scriptedRounds } from './script.ts';

/** Longer topics are called "this motion", so that they do not fill the speech. */
const longestTopic = 90;

/**
 * The speech of a side in a round, the same for the same purpose and the same words of the opponent. After the eighth
 * round a side says its eighth speech again.
 */
export function speech(request: ChatRequest): string {
  const { purpose, messages } = request;
  const { topic, side = 'pro' } = purpose;
  const round = purpose.round ?? 1;
  const script = scriptFor(topic);
  const index = indexOf(script, topic, Math.min(round, scriptedRounds));
  const { text = '' } = script.speeches[side][index] ?? {};
  const said = text.replaceAll('{topic}', nameOf(topic, script));
  const rebuttal = round > scriptedRounds ? '' : rebuttalOf(script, purpose, index, messages);
  const cited = citationOf(request, script === chineseScript);
  return `${rebuttal === '' ? said : `${rebuttal}${script.space}${said}`}${cited}`;
}

function scriptFor(topic: string): Script {
  if (/\p{Script=Han}/u.test(topic)) return chineseScript;
  return isDefault(topic) ? jobsScript : generalScript;
}

function isDefault(topic: string): boolean {
  return topic === defaultTopic || topic.toLowerCase().replace(/[^a-z]+/g, '') === compactDefault;
}
const compactDefault = defaultTopic.toLowerCase().replace(/[^a-z]+/g, '');

/** Other topics begin at another speech and go through all eight from there. */
function indexOf(script: Script, topic: string, round: number): number {
  const start = script === jobsScript ? 0 : hash(topic) % scriptedRounds;
  return (start + round - 1) % scriptedRounds;
}

function nameOf(topic: string, script: Script): string {
  const name = topic.replace(/\s+/g, ' ').replace(/[.?!。？！\s]+$/u, '');
  if (script === chineseScript) return name.length > 30 ? '这一议题' : `「${name}」`;
  return name.length > longestTopic ? 'this motion' : `"${name}"`;
}

function rebuttalOf(
  script: Script,
  { topic, side = 'pro' }: ChatRequest['purpose'],
  index: number,
  messages: ChatRequest['messages'],
): string {
  const opponent = otherSide[side];
  const heard = lastOfOpponent(script, opponent, messages);
  if (heard !== undefined) return (script.rebuttals[side][index] ?? '').replace('{gist}', heard);
  const quote = lastQuotation(messages, topic);
  return quote === '' ? '' : script.quoting[side].replace('{quote}', quote);
}

/** The argument of the opponent's speech that stands last in the prompt. */
function lastOfOpponent(script: Script, opponent: Side, messages: ChatRequest['messages']): string | undefined {
  let found: { at: number; gist: string } | undefined;
  for (const { role, content } of messages) {
    if (role === 'system') continue;
    let last: typeof found;
    for (const { gist, mark } of marksOf(script, opponent)) {
      const at = content.lastIndexOf(mark);
      if (at >= 0 && at >= (last?.at ?? 0)) last = { at, gist };
    }
    found = last ?? found;
  }
  return found?.gist;
}

interface Mark {
  readonly gist: string;
  /** What the speech is known by: the beginning of its longest piece that holds no topic, up to 48 characters. */
  readonly mark: string;
}
const marks = new Map(
  [jobsScript, generalScript, chineseScript].map((script) => [
    script,
    { pro: markAll(script, 'pro'), con: markAll(script, 'con') },
  ]),
);

function markAll(script: Script, side: Side): readonly Mark[] {
  return script.speeches[side].map(({ gist, text }) => {
    const pieces = text.split('{topic}').sort((a, b) => b.length - a.length);
    return { gist, mark: (pieces[0] ?? text).slice(0, 48) };
  });
}

function marksOf(script: Script, side: Side): readonly Mark[] {
  return marks.get(script)?.[side] ?? [];
}

/** The first words of the last block between two equal marks of eight characters or more; the motion is no speech. */
function lastQuotation(messages: ChatRequest['messages'], topic: string): string {
  const last = withoutEvidence(messages.findLast(({ role }) => role === 'user')?.content ?? '');
  // A line with a mark, the block, a line with the same mark again: how prompts fence another's words.
  const blocks = [...last.matchAll(/\b([\w-]{8,})\b[^\n]*\n([\s\S]+?)\n[^\n]*\1/g)];
  const block = blocks.at(-1)?.[2]?.replace(/\s+/g, ' ').trim() ?? '';
  if (block === topic.replace(/\s+/g, ' ').trim()) return '';
  const isSpaced = block.includes(' ');
  return isSpaced ? block.split(' ').slice(0, 6).join(' ').replace(/\W+$/, '') : block.slice(0, 12);
}
