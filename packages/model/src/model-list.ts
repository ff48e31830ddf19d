/** What is read of a server's list of models. The longest known, with prices and descriptions, has about 1 MB. */
export const listBounds = { bytes: 4_000_000, ms: 10_000 } as const;

/** Most models of a list. */
const mostNames = 10_000;
/** Longest name that is taken. */
const longestName = 400;

/** The names in a list of entries, or undefined when it is none. Entries without a name are left out. */
export function namesIn(list: unknown, key: string): string[] | undefined {
  return entriesIn(list, key)?.map(({ name }) => name);
}

/** The same with the entry of each name. */
export function entriesIn(
  list: unknown,
  key: string,
): { readonly name: string; readonly entry: Readonly<Record<string, unknown>> }[] | undefined {
  if (list === null) return [];
  if (!Array.isArray(list)) return undefined;
  return list.slice(0, mostNames).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const entry = one as Readonly<Record<string, unknown>>;
    const name = entry[key];
    return typeof name === 'string' && name !== '' && name.length <= longestName ? [{ name, entry }] : [];
  });
}
