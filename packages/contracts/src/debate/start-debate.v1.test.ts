import { describe, expect, test } from '@jest/globals';
import { defaultTopic, limits, topicSchema } from './start-debate.v1.ts';

const isTopic = (topic: unknown) => topicSchema.safeParse(topic).success;

describe('a topic', () => {
  test.each([
    defaultTopic,
    '人工智能对就业市场的影响',
    'هل الشاي أفضل من القهوة؟',
    'चाय कॉफ़ी से बेहतर है',
    'می\u200cخواهم چای بنوشم',
    '🍵 > ☕, says the 👩\u200d🌾',
    '"; drop table debate; --',
    'x',
    'x'.repeat(limits.topicCharacters),
  ])('may be %s', (topic) => {
    expect(topicSchema.parse(topic)).toBe(topic);
  });

  test('loses the space around it', () => {
    expect(topicSchema.parse('  Tea\t\n')).toBe('Tea');
  });

  test.each(['', '   ', '\n\t', '\ufeff'])('has something in it: %j', (topic) => {
    expect(isTopic(topic)).toBe(false);
  });

  test('has 500 characters at most', () => {
    expect(limits.topicCharacters).toBe(500);
    expect(isTopic('x'.repeat(501))).toBe(false);
    expect(isTopic(`${'x'.repeat(500)} `)).toBe(true);
  });

  test.each([
    ['NUL', '\u0000', 'U+0000 (a control character)'],
    ['escape', '\u001b', 'U+001B (a control character)'],
    ['a new line', '\n', 'U+000A (a line end)'],
    ['a carriage return', '\r', 'U+000D (a line end)'],
    ['a C1 control', '\u009b', 'U+009B (a control character)'],
    ['a line separator', '\u2028', 'U+2028 (a line end)'],
    ['a right-to-left override', '\u202e', 'U+202E (it changes the order in which text is shown)'],
    ['an isolate', '\u2066', 'U+2066 (it changes the order in which text is shown)'],
    ['half of a surrogate pair', '\ud83d', 'U+D83D (half of a surrogate pair)'],
    ['a tag character', '\u{e0041}', 'U+E0041 (an invisible character that can hide text)'],
  ])('with %s is refused, with the character and its place', (_, character, named) => {
    const { error } = topicSchema.safeParse(`Tea${character}pot`);
    expect(error?.issues.map(({ message }) => message)).toEqual([`has ${named} at character 4; remove it`]);
  });

  test('that is refused says which character it is as people count, not which unit of UTF-16', () => {
    expect(topicSchema.safeParse('🍵🍵\u202ex').error?.issues[0]?.message).toContain('at character 3;');
  });

  test.each([
    ['a soft hyphen', '\u00ad'],
    ['a zero width space', '\u200b'],
    ['a byte order mark', '\ufeff'],
    ['a word joiner', '\u2060'],
    ['a left-to-right mark', '\u200e'],
    ['an Arabic letter mark', '\u061c'],
  ])('loses %s, which carries nothing', (_, character) => {
    expect(topicSchema.parse(`${character}Tea${character}pot${character}`)).toBe('Teapot');
  });

  test.each([
    ['a joiner of Indic scripts', 'क्\u200dष'],
    ['a non-joiner of Persian', 'می\u200cخواهم'],
    ['a family', '👨\u200d👩\u200d👧'],
    ['an emoji in colour', '☕\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a variant of a Han character', '葛\u{e0100}'],
    ['a right-to-left mark in Hebrew', 'תה טוב!\u200f'],
    ['a zero width space between Khmer words', 'តែ\u200bកាហ្វេ'],
    ['the flag of Scotland', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
  ])('keeps what a script needs: %s', (_, text) => {
    expect(topicSchema.parse(text)).toBe(text);
  });

  test('loses joiners that join nothing, and is empty without them', () => {
    expect(topicSchema.parse('\u200d Tea \ufe0f')).toBe('Tea');
    expect(isTopic('\u200d\u200c\ufe0f')).toBe(false);
  });

  test('is text', () => {
    for (const topic of [undefined, null, 7, ['Tea'], { topic: 'Tea' }]) expect(isTopic(topic)).toBe(false);
  });
});
