/**
 * Cosine of the angle between two vectors, -1..1: 1 = the same direction, 0 = nothing in common. A vector without a
 * direction, or of another dimension, has nothing in common with any. Source: Salton and McGill 1983, Introduction to
 * Modern Information Retrieval, §4.
 */
export function cosine(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return 0;
  let dot = 0;
  let ofA = 0;
  let ofB = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number];
    dot += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  const lengths = Math.sqrt(ofA) * Math.sqrt(ofB);
  return lengths > 0 ? Math.max(-1, Math.min(1, dot / lengths)) : 0;
}

/** Highest cosine with any of them, to three decimals, as facts carry it; 0 when there is none. */
export function highestCosine(said: readonly number[], earlier: readonly (readonly number[])[]): number {
  const found = earlier.map((one) => cosine(said, one));
  // Plus 0, because JSON does not keep the sign of -0.
  return found.length === 0 ? 0 : Math.round(Math.max(...found) * 1000) / 1000 + 0;
}
