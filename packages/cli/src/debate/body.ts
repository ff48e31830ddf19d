import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, ParleyError, withoutHidden } from '@parley/contracts';
import { defaultTopic, type EvidenceBody, limitsOfEvidence, type StartDebateBody } from '@parley/contracts/debate';

/** What flags say about a debate that is to start. */
export interface DebateFlags {
  readonly topic?: string;
  readonly rounds?: number;
  readonly personaPro?: string;
  readonly personaCon?: string;
  readonly modelPro?: string;
  readonly modelCon?: string;
  /** Files, or addresses that the gateway fetches. */
  readonly evidencePro?: readonly string[];
  readonly evidenceCon?: readonly string[];
  readonly minRounds?: number;
  /** Seconds. */
  readonly deadline?: number;
  readonly tokenBudget?: number;
  readonly judge?: string;
  readonly panel?: 1 | 3;
  /** False lets it go in circles. */
  readonly redundancy?: boolean;
}

/** The request that the flags make. @throws ParleyError BAD_REQUEST for a file that cannot be read or is too long */
export function debateBody(flags: DebateFlags): StartDebateBody {
  const sides = {
    pro: sideOf(flags.personaPro, flags.modelPro, flags.evidencePro),
    con: sideOf(flags.personaCon, flags.modelCon, flags.evidenceCon),
  };
  return withoutGaps({
    topic: flags.topic ?? defaultTopic,
    maxRounds: flags.rounds,
    minRounds: flags.minRounds,
    sides: sides.pro === undefined && sides.con === undefined ? undefined : withoutGaps(sides),
    deadlineSeconds: flags.deadline,
    tokenBudget: flags.tokenBudget,
    judge:
      flags.judge === undefined && flags.panel === undefined
        ? undefined
        : withoutGaps({ model: flags.judge, panel: flags.panel }),
    // The parser says true where nothing was said.
    stopWhenRedundant: flags.redundancy === false ? false : undefined,
  });
}

type WithoutGaps<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** What was not said is left out, so that the server's own defaults stand. */
function withoutGaps<T extends object>(parts: T): WithoutGaps<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as WithoutGaps<T>;
}

function sideOf(persona: string | undefined, model: string | undefined, sources: readonly string[] = []) {
  if (persona === undefined && model === undefined && sources.length === 0) return undefined;
  return {
    ...(persona === undefined ? {} : { persona }),
    ...(model === undefined ? {} : { model }),
    ...(sources.length === 0 ? {} : { evidence: sources.map(evidenceOf) }),
  };
}

function evidenceOf(source: string): EvidenceBody {
  if (/^https?:\/\//.test(source)) return { url: source };
  let text: string;
  try {
    text = withoutHidden(readFileSync(source, 'utf8'));
  } catch (cause) {
    throw new ParleyError('BAD_REQUEST', `The evidence ${source} cannot be read: ${messageOf(cause)}.`, { cause });
  }
  const most = limitsOfEvidence.textCharacters;
  if (text.length > 0 && text.length <= most) return { title: basename(source).slice(0, 200), text };
  const fault = text === '' ? 'has no text' : `has ${text.length} characters, at most ${most} are taken`;
  throw new ParleyError('BAD_REQUEST', `The evidence ${source} ${fault}. Give a file with the part that matters.`);
}
