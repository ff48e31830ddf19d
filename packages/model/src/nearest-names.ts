/** Names that are told at most. */
const mostTold = 5;

/** The names that are most like `name`, the nearest first. Case and everything but letters and digits do not count. */
export function nearestNames(name: string, names: readonly string[]): readonly string[] {
  const wanted = plain(name);
  return names
    .map((one) => ({ one, distance: distanceOf(wanted, plain(one)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostTold)
    .map(({ one }) => one);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Characters to insert, delete or replace. Source: Wagner and Fischer 1974, The string-to-string correction problem. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
