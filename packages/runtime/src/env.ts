import { defaultPolicy } from '@parley/model';
import { z } from 'zod';

const ms = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** What every process reads. */
export const processEnv = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).optional().describe('Port that is served; 0 takes a free one.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional().describe('The least that is logged.'),
  PARLEY_LEASE_MS: ms(100, 600_000)
    .optional()
    .describe('How long an effect may be without a sign of life before another worker takes it.'),
  PARLEY_POLL_MS: ms(10, 60_000).optional().describe('How often to look for work that nobody announced.'),
  PARLEY_FAILPOINT: z.string().optional().describe('For the crash suite: where this process kills itself.'),
});

/** What a process with models reads. */
export const modelEnv = z.object({
  PARLEY_MODEL: z.string().optional().describe('The model of all agents; otherwise one is looked for.'),
  PARLEY_EMBED_MODEL: z
    .string()
    .optional()
    .describe(
      'The model that makes embeddings; otherwise the first of Ollama\'s that does. "none" leaves that step of the redundancy ladder out.',
    ),
  PARLEY_REHEARSAL_LATENCY_MS: ms(0, 60_000).optional().describe('How long the rehearsal model takes for a turn.'),
  OLLAMA_HOST: z
    .string()
    .regex(/^\S+$/, 'expected host:port or http://host:port')
    .optional()
    .describe('Where Ollama listens.'),
  OLLAMA_NUM_PARALLEL: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(defaultPolicy.concurrency.ollama)
    .describe('How many calls Ollama serves at once, as it was told itself; more wait here for their turn.'),
  PARLEY_FIRST_TOKEN_MS: ms(1_000, 600_000)
    .default(defaultPolicy.warmFirstTokenMs)
    .describe('How long a loaded model may take to its first token. Raise it for a server that others use, too.'),
  OPENAI_BASE_URL: z
    .string()
    .regex(/^https?:\/\/[^\s/]\S*$/i, 'expected http://host:port/v1 or https://host/v1')
    .optional()
    .describe('An OpenAI-compatible server.'),
  OPENAI_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'has a character that no key has, such as a space or a curly quote; copy it again')
    .optional()
    .describe('Its key.'),
  OPENAI_MODEL: z.string().optional().describe('Its model.'),
});

const brokers = z
  .string()
  .transform((text) => text.split(',').map((each) => each.trim()))
  .pipe(z.array(z.string().regex(/^.+:\d+$/, 'expected host:port, several separated by commas')));

/** Settings that say how Kafka is reached. */
export const kafkaEnv = z.object({
  KAFKA_BROKERS: brokers.describe('Brokers to start from: host:port, separated by commas.'),
  KAFKA_TLS: z.enum(['true', 'false']).optional().describe('"true" encrypts with the authorities that Node knows.'),
  KAFKA_CA_FILE: z.string().optional().describe('PEM file of a private authority; turns TLS on.'),
  KAFKA_CERT_FILE: z.string().optional().describe('PEM file of the certificate that this client shows.'),
  KAFKA_KEY_FILE: z.string().optional().describe('PEM file of its key.'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer', 'aws-msk-iam'])
    .optional()
    .describe(
      'How this client proves who it is; none if unset. "aws-msk-iam" is "oauthbearer" with tokens that it signs itself by the credentials of the standard AWS environment, over TLS.',
    ),
  KAFKA_SASL_USERNAME: z.string().optional().describe('Name for "plain" and "scram-…".'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('Password for "plain" and "scram-…".'),
  KAFKA_SASL_TOKEN_FILE: z
    .string()
    .optional()
    .describe(
      'File with the OAuth 2 token for "oauthbearer", read anew for every connection, so that it may be rotated.',
    ),
  AWS_REGION: z.string().optional().describe('Region of the MSK cluster for "aws-msk-iam"; EKS sets it.'),
});

/** What a service in a process of its own reads. */
export const hostEnv = processEnv.extend(kafkaEnv.shape).extend({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:port/database')
    .describe('The service\'s own role and database; add "?sslmode=verify-full&sslrootcert=FILE" for TLS.'),
  PARLEY_POOL_SIZE: z.coerce.number().int().min(2).max(100).default(5).describe('Most connections to the database.'),
  PARLEY_DRAIN_MS: ms(0, 60_000)
    .default(5_000)
    .describe('How long a process that was told to leave still takes requests, while balancers hear of it.'),
  HOST: z.string().default('127.0.0.1').describe('Address that is listened on; 0.0.0.0 in a container.'),
});
export type HostEnv = z.infer<typeof hostEnv>;

/** The same for a service with models. */
export const agentEnv = hostEnv.extend(modelEnv.shape).extend({
  PARLEY_CONTEXT_TOKENS: z.coerce.number().int().min(512).max(1_000_000).default(8_192).describe("The models' window."),
});
export type AgentEnv = z.infer<typeof agentEnv>;

export function isAgentEnv(env: HostEnv): env is AgentEnv {
  return 'PARLEY_CONTEXT_TOKENS' in env;
}

/** The spine's options by the settings; `pollMs` is the pause between looks for unannounced work where none is set. */
export function spineSettings(env: z.infer<typeof processEnv>, pollMs: number) {
  return {
    ...(env.PARLEY_LEASE_MS === undefined ? {} : { leaseMs: env.PARLEY_LEASE_MS }),
    pollMs: env.PARLEY_POLL_MS ?? pollMs,
  };
}
