import type { Warning } from '../../integrations/rules/judge-look.js';

/** Loopback and "any address", as the URL standard writes them. */
const THIS_MACHINE = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\])$/;

/**
 * What is wrong with the address in postback URLs: one that names this machine to itself, as the default does, leads
 * TUNE nowhere.
 */
export function judgePublicUrl(publicUrl: string): Warning[] {
  if (!THIS_MACHINE.test(new URL(publicUrl).hostname)) return [];
  return [
    {
      code: 'public_url_loopback',
      message: `The URL begins with ${publicUrl}, which only this machine itself can reach: TUNE's postbacks will not arrive. Set PUBLIC_URL to the address under which TUNE reaches this service, then put the new URL into TUNE.`,
    },
  ];
}
