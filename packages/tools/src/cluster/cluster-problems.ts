import { connect } from 'node:net';
import { modules } from '@parley/cli/services.ts';
import { messageOf } from '@parley/contracts';
import { type Env, problemsOf, readEnv } from '@parley/runtime';
import { openPostgres } from '@parley/spine';
import { isFree } from '../ports.ts';

/** How long a broker may take to accept a connection. */
const reachMs = 5_000;
/** Stands for what the runner sets itself. */
const given = { KAFKA_BROKERS: '127.0.0.1:9092', DATABASE_URL: 'postgres://127.0.0.1/postgres' };

export interface ClusterWishes {
  /** What the services would read. */
  readonly env: Env;
  /** Port of the first gateway; 0 takes a free one. */
  readonly port: number;
}

/** What keeps a cluster from starting, a sentence each, found before anything is started. */
export async function clusterProblems({ env, port }: ClusterWishes): Promise<string[]> {
  const all: Env = { ...given, ...filled(env) };
  const settings = modules.map((module) => ({ module, env: { ...all, ...module.startEnv } }));
  const problems = settings.flatMap(({ module, env: own }) => problemsOf(module.env, own));
  if (!URL.canParse(all.DATABASE_URL ?? '')) {
    problems.push('DATABASE_URL: is no address such as postgres://user:password@host:port/database');
  }
  if (problems.length === 0) {
    for (const { module, env: own } of settings) {
      await module.configure(readEnv(module.ownEnv, own), readEnv(module.env, own)).catch((thrown) => {
        problems.push(messageOf(thrown));
      });
    }
  }
  if (port !== 0 && !(await isFree(port))) {
    problems.push(`Port ${port} belongs to another process; choose another with --port, or 0 for a free one.`);
  }
  if (problems.length === 0) problems.push(...(await unreachable(env)));
  return [...new Set(problems)];
}

/** What is named and does not answer would be waited for, for ever. */
async function unreachable({ KAFKA_BROKERS: brokers, DATABASE_URL: url }: Env): Promise<string[]> {
  const problems: string[] = [];
  if (brokers) {
    const found = await Promise.all(brokers.split(',').map((each) => connects(each.trim())));
    if (!found.includes(true))
      problems.push(`KAFKA_BROKERS: nothing answers at ${brokers}; start it, or leave it out.`);
  }
  if (url) {
    const db = openPostgres({ url, poolSize: 1 });
    await db.query('select 1').catch((thrown) => problems.push(`DATABASE_URL: ${messageOf(thrown)}`));
    await db.close();
  }
  return problems;
}

function connects(address: string): Promise<boolean> {
  const [, host = '', port = ''] = /^\[?(.+?)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), timeout: reachMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false));
  });
}

function filled(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
