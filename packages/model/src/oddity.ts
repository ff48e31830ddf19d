/** Differences of a server's answer from what it should be, although it could be used. */
export const oddities = [
  /** No counts of tokens, or counts that cannot be: they are estimated. */
  'usage',
  /** The answer was longer than it was allowed to be, and was cut. */
  'cut',
  /** Thoughts came within the text or beside it, and were taken out. */
  'thoughts',
  /** The end came without a reason, or with one that is not known. */
  'finish',
  /** A field of the request was refused, and the request was made again without it. */
  'field-refused',
  /** The whole answer came at once although it was to come in pieces. */
  'unstreamed',
  /** A tool call stood in the text, as JSON. */
  'tool-call-from-text',
  /** The JSON of a tool call's arguments was mended. */
  'tool-call-repaired',
  /** A tool call cannot be made, and the caller was told why. */
  'tool-call-refused',
] as const;
export type Oddity = (typeof oddities)[number];
