/** A character that JSON text never has: JSON.stringify escapes control characters. Source: RFC 8259, section 7. */
const separator = '\u001e';

/**
 * A column of JSON as one parameter: the texts in a row, nothing for undefined. Splitting them costs the server less
 * than reading an array whose every quote is escaped, and JSON within JSON would be read three times.
 */
export function joined(values: readonly unknown[]): string {
  return joinedTexts(values.map((value) => JSON.stringify(value)));
}

/** The same for values that are JSON already. */
export function joinedTexts(texts: readonly (string | undefined)[]): string {
  return texts.join(separator);
}

/** The SQL of parameter `$n`, made by `joined`, as an array of texts with null for nothing. */
export function documents(n: number): string {
  return `string_to_array($${n}, chr(30), '')`;
}
