import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  defaultTopic,
  type EvidenceBody,
  limitsOfEvidence,
  messageOf,
  ParleyError,
  type StartDebateBody,
  withoutHidden,
} from '@parley/contracts';

/** What the flags of `parley up` say about the debate. */
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
}

/** The request that the flags make. @throws ParleyError BAD_REQUEST for a file that cannot be read or is too long */
export function debateBody(flags: DebateFlags): StartDebateBody {
  const pro = sideOf(flags.personaPro, flags.modelPro, flags.evidencePro);
  const con = sideOf(flags.personaCon, flags.modelCon, flags.evidenceCon);
  return {
    topic: flags.topic ?? defaultTopic,
    ...(flags.rounds === undefined ? {} : { maxRounds: flags.rounds }),
    ...(pro === undefined && con === undefined
      ? {}
      : { sides: { ...(pro === undefined ? {} : { pro }), ...(con === undefined ? {} : { con }) } }),
  };
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
