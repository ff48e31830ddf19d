import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { ParleyError } from '@parley/contracts';
import { z } from 'zod';
import { createLogger, modelEnv, readEnv, traceIdOf, traceparentOf } from '../src/index.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('readEnv', () => {
  const schema = z.object({
    DATABASE_URL: z.url(),
    PORT: z.coerce.number().int().min(0).default(8080),
    PARLEY_LEASE_MS: z.coerce.number().int().min(100).optional(),
  });

  test('gives typed settings, leaving out what is not its own.', () => {
    const env = { DATABASE_URL: 'postgres://db/parley', PORT: '0', PARLEY_LEASE_MS: '500', HOME: '/root' };
    expect(readEnv(schema, env)).toEqual({ DATABASE_URL: 'postgres://db/parley', PORT: 0, PARLEY_LEASE_MS: 500 });
  });

  test('treats an empty string as unset.', () => {
    const env = { DATABASE_URL: 'postgres://db/parley', PORT: '', PARLEY_LEASE_MS: '' };
    expect(readEnv(schema, env)).toEqual({ DATABASE_URL: 'postgres://db/parley', PORT: 8080 });
  });

  test('White space around a value, such as the line break of a file, is no part of it.', () => {
    const env = { DATABASE_URL: ' postgres://db/parley\n', PORT: '0\r\n', PARLEY_LEASE_MS: ' \n' };
    expect(readEnv(schema, env)).toEqual({ DATABASE_URL: 'postgres://db/parley', PORT: 0 });
  });

  test('A line break within a value is refused by the name of the setting, and the value is not told.', () => {
    const { message } = thrownBy(() =>
      readEnv(modelEnv, { OPENAI_MODEL: 'sk-sec\nret', OTHER: 'a\nb' }),
    ) as ParleyError;
    expect(message).toMatch(/OPENAI_MODEL: has a line break .* the 7th/);
    expect(message).not.toMatch(/sec|OTHER/);
  });

  test('A key that no header can carry and an address that is none are refused by name at the start.', () => {
    const env = { OPENAI_API_KEY: 'sk-“curly”', OPENAI_BASE_URL: 'models.example/v1', OLLAMA_HOST: 'local host' };
    const { message } = thrownBy(() => readEnv(modelEnv, env)) as ParleyError;
    for (const name of Object.keys(env)) expect(message).toContain(`${name}: `);
    expect(message).not.toContain('curly”');
  });

  test('names every problem at once, and no value.', () => {
    const thrown = thrownBy(() => readEnv(schema, { DATABASE_URL: '', PORT: 'hunter2', PARLEY_LEASE_MS: '1' }));
    expect(thrown).toBeInstanceOf(ParleyError);
    const { code, message } = thrown as ParleyError;
    expect(code).toBe('CONFIG_INVALID');
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(':')[0]),
    ).toEqual(['DATABASE_URL', 'PORT', 'PARLEY_LEASE_MS']);
    expect(message).not.toContain('hunter2');
  });
});

describe('A traceparent', () => {
  const good = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`;

  test('that is well-formed is kept, and its trace id read.', () => {
    expect(traceparentOf(good)).toBe(good);
    expect(traceIdOf(good)).toBe('a1'.repeat(16));
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['in upper case', good.toUpperCase()],
    ['of another version', good.replace(/^00/, 'ff')],
    ['with a trace id of zeros', `00-${'0'.repeat(32)}-${'b2'.repeat(8)}-01`],
    ['with a parent id of zeros', `00-${'a1'.repeat(16)}-${'0'.repeat(16)}-01`],
    ['too long', `${good}-x`],
    ['with a line break', `${good}\n`],
  ])('that is %s is replaced by a new one.', (_name, header) => {
    const made = traceparentOf(header);
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(made).not.toBe(traceparentOf(header));
    expect(traceIdOf(made)).toHaveLength(32);
  });

  test('that cannot be read has no trace id.', () => {
    expect(traceIdOf('tea')).toBe('');
  });
});

describe('The logger', () => {
  const logged = (log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] => {
    const lines: string[] = [];
    const to = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    log(createLogger({ level: 'info', service: 'gateway', to }));
    return lines.map((line) => JSON.parse(line));
  };

  test('writes one JSON object a line, with service, level by name and an ISO time.', () => {
    const [line, ...more] = logged((logger) => {
      logger.debug({}, 'not shown');
      logger.child({ debate: 'd' }).info({ turns: 2 }, 'A debate is closed.');
    });
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'info',
      service: 'gateway',
      debate: 'd',
      turns: 2,
      msg: 'A debate is closed.',
    });
    expect(new Date(String(line?.time)).toISOString()).toBe(line?.time);
  });

  test.each(['authorization', 'cookie', 'password', 'apiKey', 'token', 'secret', 'DATABASE_URL', 'OPENAI_API_KEY'])(
    'never shows a value named %s.',
    (name) => {
      const text = JSON.stringify(
        logged((logger) => {
          logger.info({ [name]: 'hunter2' }, 'at the top');
          logger.info({ headers: { [name]: 'hunter2' } }, 'one below');
          logger.error({ request: { headers: { [name]: 'hunter2' } } }, 'two below');
          logger.child({ [name]: 'hunter2' }).info({}, 'of a child');
          logger.error({ err: Object.assign(new Error('failed'), { [name]: 'hunter2' }) }, 'on an error');
        }),
      );
      expect(text).not.toContain('hunter2');
      expect(text.match(/\[redacted\]/g)).toHaveLength(5);
    },
  );
});
