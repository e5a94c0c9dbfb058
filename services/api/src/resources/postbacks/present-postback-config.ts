import { z } from 'zod';
import { codedMessage, time } from '../../http/schemas.js';
import type { ShownPostbackConfig } from './steps/show-postback-config.js';

export const postbackConfigAnswer = z
  .object({
    url: z.string().meta({ description: 'Ready to paste into TUNE. It holds the secret' }),
    method: z.literal('GET'),
    parameters: z.array(
      z.object({
        name: z.string(),
        macro: z.string().nullable(),
        description: z.string(),
        confirmed: z.boolean().nullable().meta({ description: 'Whether TUNE documents the macro; null without one' }),
      }),
    ),
    extra_parameters: z.record(z.string(), z.string()),
    secrets: z.array(z.object({ created_at: time, expires_at: time.nullable() })),
    instructions: z.array(z.string()),
    warnings: z
      .array(codedMessage)
      .meta({ description: '`public_url_loopback`: TUNE cannot reach the URL as PUBLIC_URL is set' }),
  })
  .meta({ id: 'PostbackConfig' });

/** An offer's postback URL with an explanation of all that stands in it. */
export function presentPostbackConfig(config: ShownPostbackConfig): z.infer<typeof postbackConfigAnswer> {
  return {
    url: config.url,
    method: config.method,
    parameters: config.parameters.map((one) => ({ ...one })),
    extra_parameters: { ...config.extraParameters },
    secrets: config.secrets.map(({ createdAt, expiresAt }) => ({
      created_at: createdAt.toISOString(),
      expires_at: expiresAt?.toISOString() ?? null,
    })),
    instructions: [...config.instructions],
    warnings: config.warnings.map((one) => ({ ...one })),
  };
}
