import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { KafkaConnection, KafkaSasl } from '@parley/bus/kafka';
import { messageOf, ParleyError } from '@parley/contracts';
import type { z } from 'zod';
import type { kafkaEnv } from './env.ts';
import { createMskToken } from './msk-token.ts';

type KafkaEnv = z.infer<typeof kafkaEnv>;

/**
 * Reads the connection to Kafka from the environment.
 * @throws ParleyError CONFIG_INVALID: a file that cannot be read, a mechanism without what it needs.
 */
export function kafkaConnection(env: KafkaEnv, clientId: string): KafkaConnection {
  const { KAFKA_CA_FILE: ca, KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: key } = env;
  const files = {
    ...(ca === undefined ? {} : { ca: textOf('KAFKA_CA_FILE', ca) }),
    ...(cert === undefined ? {} : { cert: textOf('KAFKA_CERT_FILE', cert) }),
    ...(key === undefined ? {} : { key: textOf('KAFKA_KEY_FILE', key) }),
  };
  const hasFiles = Object.keys(files).length > 0;
  const isEncrypted = hasFiles || env.KAFKA_TLS === 'true';
  const sasl = saslOf(env, clientId, isEncrypted);
  return {
    brokers: env.KAFKA_BROKERS,
    clientId,
    tls: hasFiles ? files : isEncrypted,
    ...(sasl === undefined ? {} : { sasl }),
  };
}

function saslOf(env: KafkaEnv, clientId: string, isEncrypted: boolean): KafkaSasl | undefined {
  const mechanism = env.KAFKA_SASL_MECHANISM;
  if (mechanism === undefined) return undefined;
  if (mechanism === 'aws-msk-iam') {
    const region = needed(env, mechanism, 'AWS_REGION');
    if (!isEncrypted) {
      throw new ParleyError('CONFIG_INVALID', `KAFKA_SASL_MECHANISM is "${mechanism}": set KAFKA_TLS to "true", too.`);
    }
    return { mechanism: 'oauthbearer', token: createMskToken({ region, userAgent: `parley/${clientId}` }) };
  }
  if (mechanism === 'oauthbearer') {
    const file = needed(env, mechanism, 'KAFKA_SASL_TOKEN_FILE');
    return { mechanism, token: async () => (await readFile(file, 'utf8')).trim() };
  }
  const username = needed(env, mechanism, 'KAFKA_SASL_USERNAME');
  return { mechanism, username, password: needed(env, mechanism, 'KAFKA_SASL_PASSWORD') };
}

function needed(
  env: KafkaEnv,
  mechanism: string,
  name: keyof KafkaEnv & (`KAFKA_SASL_${string}` | 'AWS_REGION'),
): string {
  const value = env[name];
  if (value !== undefined) return value;
  throw new ParleyError('CONFIG_INVALID', `KAFKA_SASL_MECHANISM is "${mechanism}": set ${name} too.`);
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ParleyError('CONFIG_INVALID', `${name}: ${messageOf(cause)}.`, { cause });
  }
}
