import type { StreamKind } from '@parley/contracts';

/** Header that names the stream behind an answer, such as `X-Parley-Debate`: with its id it can be read elsewhere. */
export const idHeaderOf = ({ name }: StreamKind): string => `X-Parley-${name.charAt(0).toUpperCase()}${name.slice(1)}`;
