import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createThoughtSplitter, withoutThoughts } from './thoughts.ts';

/** The text as a reader of the stream ends up with it, and how many characters of thoughts. */
function read(pieces: readonly string[]): { text: string; thoughts: number } {
  const splitter = createThoughtSplitter();
  let text = '';
  let thoughts = 0;
  for (const part of [...pieces.map((piece) => splitter.push(piece)), splitter.end()]) {
    if (part.isVoid) {
      thoughts += text.length;
      text = '';
    }
    text += part.text;
    thoughts += part.thought.length;
  }
  return { text, thoughts };
}

describe('the answer is what stands outside of the thoughts', () => {
  test.each([
    ['no thoughts', 'Tea calms.', 'Tea calms.'],
    ['tags', '<think>I doubt it.</think>Tea calms.', 'Tea calms.'],
    ['each relative', '<thinking>a</thinking><thought>b</thought><reasoning>c</reasoning>Tea.', 'Tea.'],
    ['capitals and spaces', '<THINK >a</Think >Tea.', 'Tea.'],
    ['attributes', '<think effort="high" budget=3>a</think>Tea.', 'Tea.'],
    ['tags within tags', '<think>a<think>b</think>c</think>Tea.', 'Tea.'],
    ['different tags within each other', '<think>a<reasoning>b</reasoning>c</think>Tea.', 'Tea.'],
    ['an empty tag', '<think/>Tea.', 'Tea.'],
    ['thoughts in the middle', 'Tea <think>or coffee?</think>calms.', 'Tea calms.'],
    ['thoughts that never end', 'Tea.<think>And then', 'Tea.'],
    ['nothing but thoughts that never end', '<think>And then', ''],
    ['an end without a beginning', 'I doubt it.\n</think>Tea calms.', 'Tea calms.'],
    ['an opening tag that is only spoken of', '<think>A <think> tag opens.</think>Tea calms.', 'Tea calms.'],
    ["Mistral's marks", '[THINK]a[/THINK]Tea.', 'Tea.'],
    ["Kimi's marks", '◁think▷a◁/think▷Tea.', 'Tea.'],
    ["Sky-T1's marks", '<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>Tea.', 'Tea.'],
    [
      'harmony channels',
      '<|channel|>analysis<|message|>I doubt it.<|end|><|start|>assistant<|channel|>final<|message|>Tea.<|return|>',
      'Tea.',
    ],
    ['a channel to a tool', '<|channel|>commentary to=x <|constrain|>json<|message|>{}<|call|>Tea.', 'Tea.'],
    ['a harmony answer without analysis', '<|channel|>final<|message|>Tea.', 'Tea.'],
    ['harmony thoughts that never end', '<|channel|>analysis<|message|>I doubt', ''],
    ['ends of turn in the text', 'Tea.<|im_end|>', 'Tea.'],
    ['comparisons', 'a < b, c <d and <thinker> [THINKER] <|x|>', 'a < b, c <d and <thinker> [THINKER] <|x|>'],
    ['a beginning of a tag at the end', 'Tea <thi', 'Tea <thi'],
  ])('%s', (_, output, text) => {
    expect(read([output]).text).toBe(text);
    expect(read([...output]).text).toBe(text);
  });
});

const part = fc.constantFrom(
  ...['<think>', '</think>', '<Thinking a="b">', '</thinking>', '<reasoning/>', '<thi', '<', '>', '/', '[THINK]'],
  ...['[/THINK]', '◁think▷', '<|channel|>', 'analysis', 'final', '<|message|>', '<|end|>', '<|return|>', '<|', '|>'],
  ...['<think ', 'a="', '"', 'Tea calms. ', '茶。', ' ', '\n', '😀', '<|start|>', 'assistant'],
);

test('however a text is cut into pieces, the answer and the length of the thoughts are the same', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(12), { maxLength: 60 }), (parts, sizes) => {
      const output = parts.join('');
      const pieces: string[] = [];
      let at = 0;
      for (const size of sizes) {
        pieces.push(output.slice(at, at + size));
        at += size;
      }
      pieces.push(output.slice(at));
      expect(read(pieces)).toEqual(read([output]));
      expect(read([...output])).toEqual(read([output]));
    }),
    { numRuns: 2_000 },
  );
});

test('words without marks are passed on at once and whole', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[^<[◁]*$/)), (pieces) => {
      const splitter = createThoughtSplitter();
      expect(pieces.map((piece) => splitter.push(piece).text)).toEqual(pieces);
    }),
  );
});

test('the mark of a thought is never part of an answer whose marks pair', () => {
  const words = fc.constantFrom('Tea calms.', ' or ', '\n', '茶。');
  const thought = words.map((inner) => `<think>${inner}</think>`);
  fc.assert(
    fc.property(fc.array(fc.oneof(words, thought)), (parts) => {
      const spoken = parts.filter((one) => !one.startsWith('<')).join('');
      expect(withoutThoughts(parts.join(''))).toBe(spoken);
    }),
  );
});

test('marks that are too long are text, and a flood of brackets is read in time', () => {
  const long = `<think ${'a=b '.repeat(60)}>`;
  expect(read([`${long}Tea.`]).text).toBe(`${long}Tea.`);
  expect(read([...`${long}Tea.`]).text).toBe(`${long}Tea.`);
  const flood = '<think a'.repeat(20_000);
  expect(read([flood]).text).toBe(flood);
});
