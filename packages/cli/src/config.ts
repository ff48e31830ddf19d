import { z } from 'zod';

/** The environment that `parley up` reads; flags win over it. */
export const upEnv = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('Port of the gateway; 0 takes a free one.'),
  PARLEY_DATA_DIR: z.string().optional().describe('Where the embedded database lies.'),
  PARLEY_MODEL: z.string().optional().describe('The model of all agents; otherwise one is looked for.'),
  PARLEY_REHEARSAL_LATENCY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .optional()
    .describe('How long the rehearsal model takes for a turn.'),
  PARLEY_LEASE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .optional()
    .describe('How long an effect may be without a sign of life before another worker takes it.'),
  PARLEY_POLL_MS: z.coerce
    .number()
    .int()
    .min(10)
    .max(60_000)
    .optional()
    .describe('How often to look for work that nobody announced.'),
  PARLEY_FAILPOINT: z.string().optional().describe('For the crash suite: where this process kills itself.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional().describe('The least that is logged.'),
  OLLAMA_HOST: z.string().optional().describe('Where Ollama listens.'),
  OPENAI_BASE_URL: z.string().optional().describe('An OpenAI-compatible server.'),
  OPENAI_API_KEY: z.string().optional().describe('Its key.'),
  OPENAI_MODEL: z.string().optional().describe('Its model.'),
});
export type UpEnv = z.infer<typeof upEnv>;
