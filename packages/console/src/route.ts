/** Place in the console: the address after `#`, so that the server knows one page and `/v1` stays the API's. */
export interface Route {
  readonly page: string;
  /** What stands after the page's name, such as a debate's id. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page = '', id] = path.split('/');
  return { page: page || 'debates', id: id || undefined, query: new URLSearchParams(query) };
}

export const paths = {
  debates: '#/debates',
  start: '#/new',
  startLike: (id: string) => `#/new?like=${id}`,
  debate: (id: string) => `#/debates/${id}`,
  usage: '#/usage',
  objectives: '#/objectives',
  system: '#/system',
} as const;
