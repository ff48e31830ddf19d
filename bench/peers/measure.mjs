import pg from 'pg';
import { check, turns } from './debate.mjs';

const maxSeconds = 300;
const warmUpSeconds = 1;
/** A debate in hand at the end is let finish, but not for ever. */
const graceSeconds = 120;

/** A whole number from the environment. */
function number(name, fallback, max) {
  const value = Number(process.env[name] || fallback);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Error(`${name} is "${process.env[name]}", expected a whole number from 1 to ${max}.`);
  }
  return value;
}

/** A pool of 10 on DATABASE_URL and a new, empty schema. Refuses a server that would acknowledge what it may lose. */
export async function openDatabase(schema) {
  if (!process.env.DATABASE_URL)
    throw new Error('DATABASE_URL is not set, expected postgres://user:password@host/name.');
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
  pool.on('error', (error) => console.error(error.message));
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    const value = (await pool.query(`show ${setting}`)).rows[0][setting];
    if (value !== 'on') throw new Error(`The server has ${setting} = ${value}; every figure is measured with "on".`);
  }
  await pool.query(`drop schema if exists ${schema} cascade`);
  await pool.query(`create schema ${schema}`);
  return pool;
}

/**
 * Runs debates, CONCURRENCY at a time for SECONDS, after a warm-up, and prints one line of JSON. `run(id)` resolves
 * with the finished debate; `verify(ids)` then throws unless the database has them all.
 */
export async function measure(name, { run, verify }) {
  const concurrency = number('CONCURRENCY', 10, 1_000);
  const limitMs = number('SECONDS', 10, maxSeconds) * 1_000;
  const ids = [];
  const debate = async (id) => {
    check(await run(id));
    ids.push(id);
  };
  const runFor = async (label, ms, workers) => {
    const start = performance.now();
    const work = async (_, worker) => {
      for (let n = 0; n === 0 || performance.now() - start < ms; n++) await debate(`${label}-${worker}-${n}`);
    };
    await Promise.all(Array.from({ length: workers }, work));
    return (performance.now() - start) / 1_000;
  };

  await runFor('warm-up', warmUpSeconds * 1_000, Math.min(concurrency, 10));
  await verify(ids.splice(0));
  const overdue = setTimeout(
    () => {
      console.error(`${name} did not end ${graceSeconds} s after its time.`);
      process.exit(1);
    },
    limitMs + graceSeconds * 1_000,
  );
  const cpuBefore = process.cpuUsage();
  const seconds = await runFor('debate', limitMs, concurrency);
  const cpu = process.cpuUsage(cpuBefore);
  clearTimeout(overdue);
  await verify(ids);
  const rounded = (value, digits) => Number(value.toFixed(digits));
  console.log(
    JSON.stringify({
      name,
      concurrency,
      debates: ids.length,
      seconds: rounded(seconds, 3),
      debatesPerSecond: rounded(ids.length / seconds, 2),
      turnsPerSecond: rounded((ids.length * turns) / seconds, 1),
      cpuSeconds: rounded((cpu.user + cpu.system) / 1e6, 3),
      rssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    }),
  );
}
