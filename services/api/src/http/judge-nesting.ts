/** Deeper than anything that the routes read; what walks through a body may go down by itself. */
export const NESTING_MAX = 64;

/**
 * Whether JSON text has more lists and objects inside each other than `NESTING_MAX`. Reads the text instead of what
 * was parsed of it, so that nothing that deep is ever walked through; for text that is no JSON the answer means nothing.
 */
export function isNestedTooDeeply(json: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > NESTING_MAX) return true;
    } else if (character === ']' || character === '}') depth -= 1;
  }
  return false;
}
