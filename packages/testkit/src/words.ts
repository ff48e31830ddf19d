const { imul } = Math;

/**
 * Text of about `characters` characters in words that no other seed has: new in every measure, the same for the same
 * seed. No sentence of it means anything.
 */
export function freshText(seed: number | string, characters: number): string {
  let state = 2_166_136_261;
  for (const c of `seed ${seed}`) state = imul(state ^ c.charCodeAt(0), 16_777_619);
  const next = (below: number): number => {
    state = (imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) % below;
  };
  let text = '';
  for (let word = 1; text.length < characters; word++) {
    for (let syllable = 0; syllable < 4; syllable++)
      text += `${'bdfgklmnprstvz'.charAt(next(14))}${'aeiou'.charAt(next(5))}`;
    text += word % 12 === 0 ? '. ' : ' ';
  }
  return text.slice(0, characters).trim();
}
