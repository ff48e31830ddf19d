import { createRequire } from 'node:module';
import { messageOf } from '@parley/contracts';
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
 * Proof of who a client is. `token` is called for every connection, and again some seconds before the broker would
 * end the session, and resolves to an OAuth 2 access token (RFC 7628) or to one of Amazon MSK's IAM.
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
/** Retries after which a consumer leaves its connections behind and joins anew, which mends what retrying does not. */
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
  return sasl.mechanism === 'oauthbearer' ? bearer(sasl.token) : { ...sasl };
}

/**
 * SASL OAUTHBEARER with the broker's answer read. kafkajs 2.2.4 leaves it unread, so that a token that was refused passes
 * for a broker that hangs up, which it calls again for half an hour. Source: RFC 7628 §3.1, §3.2.2: what the server sends
 * after a success is empty, after a failure JSON.
 */
function bearer(token: () => Promise<string>): NonNullable<KafkaConfig['sasl']> {
  return {
    mechanism: 'oauthbearer',
    authenticationProvider: ({ saslAuthenticate }) => ({
      async authenticate() {
        const value = await token().catch((thrown) => {
          // The source of tokens may be as far away as the broker: both are waited for.
          throw new kafkajs.KafkaJSConnectionError(`There is no token to be had: ${messageOf(thrown)}`);
        });
        const said = Buffer.from(`n,,\u0001auth=Bearer ${value}\u0001\u0001`);
        const length = Buffer.alloc(4);
        length.writeInt32BE(said.length);
        const refusal = await saslAuthenticate({
          request: { encode: () => Buffer.concat([length, said]) },
          response: { decode: (answer) => answer, parse: (answer) => /\{.*\}/s.exec(answer.toString())?.[0] },
        });
        if (refusal) throw new kafkajs.KafkaJSNonRetriableError(`The broker refuses the token: ${refusal}`);
      },
    }),
  };
}
