import path from 'node:path';
import { format, resolveConfig } from 'prettier';

/** Markdown as `npm run format` would leave it, so that a generated file and the formatter never disagree. */
export async function formatMarkdown(root: string, text: string): Promise<string> {
  const config = await resolveConfig(path.join(root, 'README.md'));
  return format(text, { ...config, parser: 'markdown' });
}
