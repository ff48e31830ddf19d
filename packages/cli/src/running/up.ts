import { resolve } from 'node:path';
import { discoverModel } from '@parley/model';
import { createLogger, type Env, readEnv, shutdownSignal } from '@parley/runtime';
import { createParley } from '@parley/sdk';
import { type Database, openEmbedded } from '@parley/spine';
import { createTerminal } from '../command-line/terminal.ts';
import { upEnv } from '../config.ts';
import { type DebateFlags, debateBody } from '../debate/body.ts';
import { followDebate, unfinishedDebate } from '../debate/follow.ts';
import { createTranscript } from '../debate/transcript.ts';
import { configureServices, createEmbedded } from './embedded.ts';

export interface UpFlags extends DebateFlags {
  readonly once?: boolean;
  readonly debate: boolean;
  readonly dataDir?: string;
  readonly model?: string;
  readonly modelJudge?: string;
  readonly port?: number;
}

/** Address for this machine only: any caller that reaches it may do everything. */
const host = '127.0.0.1';
const defaults = { port: 8080, dataDir: '.parley', rehearsalLatencyMs: 1_200 } as const;

/**
 * `parley up`: everything in this process, until a signal, or until the verdict with `--once`. Resolves to the exit
 * code. `wrap` lets the crash suite's negative controls break the database's promises.
 */
export async function up(
  flags: UpFlags,
  environment: Env,
  wrap: (db: Database) => Database = (db) => db,
): Promise<number> {
  const env = readEnv(upEnv, environment);
  const services = await configureServices(env);
  const logger = createLogger({ level: env.LOG_LEVEL ?? 'warn', service: 'parley' });
  const dataDir = resolve(flags.dataDir ?? env.PARLEY_DATA_DIR ?? defaults.dataDir);
  const db = wrap(await openEmbedded({ dataDir, onError: (thrown) => logger.error({ err: thrown }, 'database') }));
  const discovery = await discoverModel({
    env,
    model: flags.model ?? env.PARLEY_MODEL,
    embedModel: env.PARLEY_EMBED_MODEL,
    rehearsalLatencyMs: env.PARLEY_REHEARSAL_LATENCY_MS ?? defaults.rehearsalLatencyMs,
  });
  const port = flags.port ?? env.PORT ?? defaults.port;
  const models = flags.modelJudge === undefined ? {} : { moderator: flags.modelJudge };
  const parley = await createEmbedded({ db, discovery, logger, port, host, env, services, models }).catch(
    async (thrown) => {
      await db.close();
      throw thrown;
    },
  );
  const shutdown = shutdownSignal();
  console.log(banner(parley.url, dataDir, discovery.explanation));

  let code = 0;
  try {
    if (flags.debate) {
      const ended = await Promise.race([debate(flags, parley.url, shutdown.signal), shutdown.requested]);
      code = ended === 'failed' ? 1 : 0;
      if (discovery.isRehearsal && ended !== undefined)
        console.log('\n(This was the rehearsal model: scripted text, not an AI.)');
    }
    if (!flags.once || !flags.debate) await shutdown.requested;
  } finally {
    await parley.stop();
  }
  return code;
}

async function debate(flags: UpFlags, url: string, signal: AbortSignal): Promise<string | undefined> {
  const parley = createParley({ url });
  const unfinished = await unfinishedDebate(parley, flags.topic);
  const running = unfinished ?? (await parley.debates.start(debateBody(flags)));
  console.log(`${unfinished === undefined ? 'Debate' : 'Going on with debate'} ${url}/v1/debates/${running.id}`);
  const transcript = createTranscript(createTerminal(process.stdout, process.stderr, process.env));
  return followDebate(parley, running.id, transcript.show, signal).catch((thrown) => {
    if (signal.aborted) return undefined;
    throw thrown;
  });
}

function banner(url: string, dataDir: string, model: string): string {
  return [
    `Parley is up at ${url}`,
    `  web    ${url}/   (the console)`,
    `  API    ${url}/v1/debates   (${url}/openapi.json)`,
    `  health ${url}/readyz?verbose   metrics ${url}/metrics`,
    `  data   ${dataDir}`,
    `  model  ${model}`,
    '',
  ].join('\n');
}
