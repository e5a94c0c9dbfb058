/** A file that a server answered with. */
interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const ORIGIN = 'http://own.example';
/** Tags whose href or action a person follows; all others are loaded by themselves. */
const FOLLOWED_TAGS = new Set(['a', 'area']);
/** Relations of links that load nothing. */
const NOT_LOADED = /\brel\s*=\s*["']?(?:canonical|alternate|author|license|help)\b/i;

function ofHtml(html: string): string[] {
  const tags = html.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<([a-z][a-z0-9-]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi);
  return [...tags].flatMap(([, tag = '', attributes = '']) => {
    if (FOLLOWED_TAGS.has(tag.toLowerCase()) || NOT_LOADED.test(attributes)) return [];
    const named = attributes.matchAll(
      /(?:^|\s)(?:xlink:)?(?:href|src|srcset|poster|data|action|formaction|background)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi,
    );
    return [...named].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
  });
}

function ofCss(css: string): string[] {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, '');
  const urls = [...plain.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)/gi)];
  const imports = [...plain.matchAll(/@import\s+(?:"([^"]*)"|'([^']*)')/gi)];
  return [...urls, ...imports].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

/** What a page or style loads, as it is written there; of other files nothing is known. */
function writtenParts({ text, type }: PageFile): string[] {
  if (type.startsWith('text/css')) return ofCss(text);
  if (!type.startsWith('text/html')) return [];
  const styles = [...text.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>|\sstyle\s*=\s*"([^"]*)"/gi)];
  return [...ofHtml(text), ...styles.flatMap(([, sheet, inline]) => ofCss(sheet ?? inline ?? ''))];
}

/** Where a part is: relative to the base of a page, where it names one. */
function urlOf(part: string, { text, type, path }: PageFile): URL {
  const base = type.startsWith('text/html') ? /<base\b[^>]*\bhref="([^"]*)"/i.exec(text)?.[1] : undefined;
  return new URL(part, new URL(base ?? '', ORIGIN + path));
}

const isInline = (part: string): boolean => part === '' || /^(?:data:|#)/i.test(part);

/** The paths of what a file loads from its own server. */
export function partsOf(file: PageFile): string[] {
  return writtenParts(file)
    .filter((part) => !isInline(part))
    .map((part) => urlOf(part, file))
    .filter(({ origin, pathname }) => origin === ORIGIN && !pathname.endsWith('/'))
    .map(({ pathname }) => pathname);
}

/** What a file loads from anywhere else, as it is written there. */
export function foreignPartsOf(file: PageFile): string[] {
  return writtenParts(file).filter((part) => !isInline(part) && urlOf(part, file).origin !== ORIGIN);
}
