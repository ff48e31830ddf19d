import { withoutHidden } from '@parley/contracts';
import {
  type EvidenceBody,
  evidenceListSchema,
  limitsOfEvidence,
  type StartDebateBody,
  sides,
  startDebateOf,
} from '@parley/contracts/debate';
import { BadRequest } from '@parley/runtime';
import type { FetchText } from '../../out/fetch-text.ts';

type Field = { readonly field: string; readonly message: string };

export function hasAddress(body: StartDebateBody): boolean {
  return sides.some((side) => body.sides?.[side]?.evidence?.some((piece) => 'url' in piece));
}

/**
 * The request with the texts of its addresses in their place, all asked at the same moment.
 * @throws BadRequest naming every piece that cannot be had, or the side that brings too much
 */
export async function withEvidence(body: StartDebateBody, fetchText: FetchText): Promise<StartDebateBody> {
  if (body.sides === undefined) return body;
  const faults: Field[] = [];
  const fetched = await Promise.all(
    sides.map(async (side) => {
      const { evidence, ...profile } = body.sides?.[side] ?? {};
      if (evidence === undefined) return [side, profile] as const;
      const texts = await Promise.all(
        evidence.map((piece, i) => textOf(piece, `sides.${side}.evidence.${i}.url`, faults, fetchText)),
      );
      return [side, { ...profile, evidence: texts }] as const;
    }),
  );
  if (faults.length > 0) throw new BadRequest('body', faults);
  const ready = { ...body, sides: Object.fromEntries(fetched) };
  const command = startDebateOf(ready);
  for (const side of sides) {
    const checked = evidenceListSchema.safeParse(command.sides[side].evidence ?? []);
    for (const { path, message } of checked.error?.issues ?? []) {
      faults.push({ field: ['sides', side, 'evidence', ...path].join('.'), message });
    }
  }
  if (faults.length > 0) throw new BadRequest('body', faults);
  return ready;
}

async function textOf(
  piece: EvidenceBody,
  field: string,
  faults: Field[],
  fetchText: FetchText,
): Promise<EvidenceBody> {
  if (!('url' in piece)) return piece;
  const { url, ...rest } = piece;
  const fetched = await fetchText(url);
  const text = fetched.ok ? cut(withoutHidden(fetched.text)) : '';
  if (text === '') faults.push({ field, message: fetched.ok ? 'has no text; give the text itself' : fetched.reason });
  return { title: url.slice(0, 200), ...rest, text };
}

/** As much of a long text as a piece may have, up to its last whole paragraph or sentence. */
function cut(text: string): string {
  const most = limitsOfEvidence.textCharacters;
  if (text.length <= most) return text;
  const start = text.slice(0, most).replace(/\p{Cs}$/u, '');
  const end = Math.max(start.lastIndexOf('\n'), ...[...start.matchAll(/[.!?。！？]/g)].map(({ index }) => index + 1));
  return (end > most / 2 ? start.slice(0, end) : start).trim();
}
