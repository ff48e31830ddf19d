import { describe, expect, test } from '@jest/globals';
import { startDebateBody, startDebateOf } from './debate-body.ts';
import { evidenceListSchema, limitsOfEvidence } from './evidence.ts';

const bodyOf = (evidence: unknown) => startDebateBody.safeParse({ topic: 'Tea', sides: { pro: { evidence } } });
const faultsOf = (evidence: unknown) =>
  bodyOf(evidence).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('evidence', () => {
  test('is a text of several lines, numbered where it has no id', () => {
    const body = bodyOf([{ title: 'Census', text: ' one\r\ntwo\t3 ' }, { id: 'Lancet', text: '茶' }, { text: 'x' }]);
    expect(startDebateOf(startDebateBody.parse(body.data)).sides).toEqual({
      pro: {
        evidence: [
          { id: 'E1', title: 'Census', text: 'one\ntwo\t3' },
          { id: 'Lancet', text: '茶' },
          { id: 'E3', text: 'x' },
        ],
      },
      con: {},
    });
  });

  test.each([
    [[{ text: 'a', url: 'https://example.org/' }], 'sides.pro.evidence.0: give each piece a text'],
    [[{ title: 'a' }], 'sides.pro.evidence.0: give each piece a text'],
    [[{ text: 'x'.repeat(limitsOfEvidence.textCharacters + 1) }], 'sides.pro.evidence.0.'],
    [[{ text: 'a\u202eb' }], 'sides.pro.evidence.0.'],
    [[{ text: 'a\u0000b' }], 'sides.pro.evidence.0.'],
    [[{ id: '1', text: 'a' }], 'sides.pro.evidence.0.'],
    [Array(limitsOfEvidence.pieces + 1).fill({ text: 'a' }), 'sides.pro.evidence: '],
  ])('is refused with its field: %#', (evidence, fault) => {
    expect(faultsOf(evidence)).toEqual([expect.stringContaining(fault)]);
  });

  test('of one side has ids of its own and is bounded together', () => {
    const piece = (id: string, characters = 1) => ({ id, text: 'x'.repeat(characters) });
    const fault = (pieces: unknown) => evidenceListSchema.safeParse(pieces).error?.issues[0]?.message;
    expect(fault([piece('E1', 4_000), piece('E2', 4_000)])).toBeUndefined();
    expect(fault([piece('E1', 4_000), piece('E2', 4_000), piece('E3')])).toContain('at most 8000 characters together');
    expect(fault([piece('E1'), piece('e1')])).toContain('an id of its own');
  });
});
