const PATH_LENGTH_MAX = 200;

/** The path of a request without its query, which may hold secrets (law 12), cut to a length for logs. */
export function pathOf(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  return path.slice(0, PATH_LENGTH_MAX);
}
