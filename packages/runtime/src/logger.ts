import { pino } from 'pino';
import { logFields } from './trace-context.ts';

/** What services log with: one JSON object a line, fields first, sentence second. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

/** Values under these names never reach a log, down to the third level of a line's fields. */
const secrets = ['authorization', 'cookie', 'password', 'apiKey', 'token', 'secret', 'DATABASE_URL', 'OPENAI_API_KEY'];

export function createLogger(options: { level: string; service: string; to?: NodeJS.WritableStream }): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => logFields() ?? {},
      formatters: { level: (label) => ({ level: label }) },
    },
    // Synchronous, so that the last line before a crash is there.
    options.to ?? pino.destination({ dest: 2, sync: true }),
  );
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
