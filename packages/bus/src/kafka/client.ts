import { createRequire } from 'node:module';
import type { Kafka, KafkaConfig, logLevel } from 'kafkajs';
import { mendIdleTimers } from './idle-timers.ts';

// Not an `import`: tracing sees what is required without a loader hook, and the bundler leaves it alone.
const require = createRequire(import.meta.url);
export const kafkajs: typeof import('kafkajs') = require('kafkajs');
mendIdleTimers(require('kafkajs/src/network/requestQueue'));

/** Certificates as PEM text. `ca` for a private authority, `cert` and `key` for a client that proves who it is. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * How a client proves who it is. `token` is called for every connection and resolves to an OAuth 2 access token (RFC
 * 7628); Amazon MSK's IAM goes this way too, with the token of `aws-msk-iam-sasl-signer-js`, which brings the AWS SDK
 * and is therefore the caller's to install.
 */
export type KafkaSasl =
  | { readonly mechanism: 'plain'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-256'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-512'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> };

export interface KafkaConnection {
  /** host:port of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** Names this process in the brokers' logs and quotas. */
  readonly clientId: string;
  /** True: TLS with the authorities that Node knows. */
  readonly tls?: KafkaTls | boolean;
  readonly sasl?: KafkaSasl;
  /** Warnings and errors of the client library, a line at a time. */
  readonly onWarning?: (text: string) => void;
}

/** Long enough for any outage, in short steps: a producer then waits for a broker instead of giving up on it. */
export const longRetries = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 1_000, factor: 0.2, multiplier: 2 };
/** After these a consumer leaves its connections behind and joins anew, which mends what retrying does not. */
export const shortRetries = { ...longRetries, retries: 5 };

/** A client of its own for each producer and consumer: those of one client share offsets they must not share. */
export function createClient(connection: KafkaConnection, retry: typeof longRetries = longRetries): Kafka {
  const { brokers, clientId, tls, sasl, onWarning } = connection;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry,
    logLevel: kafkajs.logLevel.WARN,
    logCreator:
      () =>
      ({ level, log }) => {
        if (level <= warn) onWarning?.([log.message, log.error].filter((part) => typeof part === 'string').join(': '));
      },
    ...(tls ? { ssl: tls } : {}),
    ...(sasl ? { sasl: saslOf(sasl) } : {}),
  };
  return new kafkajs.Kafka(config);
}

const warn: logLevel = kafkajs.logLevel.WARN;

function saslOf(sasl: KafkaSasl): NonNullable<KafkaConfig['sasl']> {
  // A copy: kafkajs keeps an authenticator with the password in the object it is given, and a caller may copy that.
  if (sasl.mechanism !== 'oauthbearer') return { ...sasl };
  return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
}
