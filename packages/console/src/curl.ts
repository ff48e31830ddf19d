export interface CurlRequest {
  readonly origin: string;
  readonly path: string;
  /** GET without one. */
  readonly body?: unknown;
  /** The server asks who it is; the key itself stays where it is. */
  readonly hasKey?: boolean;
}

/** The same request for a POSIX shell. */
export function curlOf({ origin, path, body, hasKey = false }: CurlRequest): string {
  const key = hasKey ? [' -H "Authorization: Bearer $PARLEY_API_KEY"'] : [];
  const data =
    body === undefined ? [] : [` -H 'Content-Type: application/json'`, ` -d ${quoted(JSON.stringify(body))}`];
  return [`curl ${quoted(`${origin}${path}`)}`, ...key, ...data].join(' \\\n ');
}

/** Nothing is special between single quotes but the quote itself. Source: POSIX.1-2017 Shell §2.2.2. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
