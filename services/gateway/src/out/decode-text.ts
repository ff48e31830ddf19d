/** First bytes of a page, in which it may name its encoding. Source: WHATWG HTML, §13.2.3.2, prescan. */
const prescanBytes = 1024;
const metaCharset = /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i;

export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/**
 * The text of bytes from the web. Signs are taken in WHATWG's order (HTML §13.2.3.2): a byte order mark, what HTTP says,
 * what the page says of itself; then what the bytes themselves show: UTF-8 where they are, UTF-16 by its zero bytes,
 * Cyrillic by its letters, and what Western Europe writes. Nothing is replaced: bytes that the encoding does not have
 * are refused.
 */
export function decodeText(body: Uint8Array, named: string | undefined, isPage: boolean): DecodedText {
  const marked = markOf(body);
  if (marked !== undefined) return decoded(body, marked);
  if (named !== undefined) return decoded(body, named);
  const meta = isPage ? metaOf(body) : undefined;
  if (meta !== undefined) return decoded(body, meta);
  for (const encoding of likely(body)) {
    const text = decoded(body, encoding);
    if (text.ok) return text;
  }
  return { ok: false, reason: 'does not say how it is written, and it is no text that is known here' };
}

/** Source: WHATWG Encoding, §6, BOM sniff. */
function markOf(body: Uint8Array): string | undefined {
  const [a, b, c] = body;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return undefined;
}

/** A page whose own words were found by reading it as ASCII is not written in UTF-16. Source: WHATWG HTML, §13.2.3.2. */
function metaOf(body: Uint8Array): string | undefined {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, prescanBytes));
  const found = metaCharset.exec(start.toString('latin1'))?.[1];
  return found !== undefined && /^utf-?16/i.test(found) ? 'utf-8' : found;
}

/** Encodings that the bytes may be, the likeliest first. */
function likely(body: Uint8Array): readonly string[] {
  const wide = wideOf(body);
  if (wide !== undefined) return [wide];
  return ['utf-8', isCyrillic(body) ? 'windows-1251' : 'windows-1252'];
}

/** Text of the Latin alphabet in UTF-16 has a zero in nearly every other byte; other text has none. */
function wideOf(body: Uint8Array): string | undefined {
  const zeros = [0, 0];
  const looked = Math.min(body.byteLength, prescanBytes);
  for (let i = 0; i < looked; i++) if (body[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < looked / 8) return undefined;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/**
 * Cyrillic words in windows-1251 are bytes above 0xBF one after the other; in the languages of Western Europe such a
 * letter stands among ASCII ones.
 */
function isCyrillic(body: Uint8Array): boolean {
  let letters = 0;
  let inWords = 0;
  for (let i = 0; i < body.byteLength; i++) {
    if ((body[i] ?? 0) < 0xc0) continue;
    letters += 1;
    if ((body[i - 1] ?? 0) >= 0xc0 || (body[i + 1] ?? 0) >= 0xc0) inWords += 1;
  }
  return letters > 1 && inWords > letters * 0.8;
}

function decoded(body: Uint8Array, encoding: string): DecodedText {
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    return { ok: false, reason: `is written in ${encoding}, which is unknown here` };
  }
  try {
    return { ok: true, text: decoder.decode(body) };
  } catch {
    return { ok: false, reason: `is said to be written in ${decoder.encoding}, and has bytes that are not` };
  }
}
