const number = '(-?\\d{1,15}(?:\\.\\d{1,15})?)';
const words: Readonly<Record<string, string>> = {
  times: '*',
  'multiplied by': '*',
  x: '*',
  '×': '*',
  plus: '+',
  minus: '-',
  '−': '-',
  'divided by': '/',
  '÷': '/',
  product: '*',
  sum: '+',
  difference: '-',
  quotient: '/',
};
/** "10 times 99", "10*99". A dash or an x has spaces around it: "2026-11-30" is a date. */
const between = new RegExp(
  `${number}(?:\\s*([*×/÷+])\\s*|\\s+(times|multiplied by|plus|minus|divided by|x|-|−)\\s+)${number}`,
  'i',
);
/** "the product of 10 and 99". */
const before = new RegExp(`\\b(product|sum|difference|quotient) of ${number} and ${number}`, 'i');

/** The first calculation with two numbers that a text asks for, such as `10 * 99`. */
export function arithmeticIn(text: string): string | undefined {
  const named = before.exec(text);
  if (named !== null) return `${named[2]} ${operatorOf(named[1])} ${named[3]}`;
  const found = between.exec(text);
  return found === null ? undefined : `${found[1]} ${operatorOf(found[2] ?? found[3])} ${found[4]}`;
}

/** The numbers of a text, in their order. */
export function numbersIn(text: string): readonly number[] {
  return (text.match(new RegExp(number, 'g')) ?? []).map(Number);
}

function operatorOf(word = ''): string {
  return words[word.toLowerCase()] ?? word;
}
