import { afterEach, expect, test } from '@jest/globals';
import { type Database, openPostgres } from '../src/index.ts';
import { serverUrl } from './databases.ts';
import { until } from './world.ts';

const onPostgres = serverUrl === undefined ? test.skip : test;
const open: Database[] = [];
afterEach(async () => {
  for (const db of open.splice(0)) await db.close();
});
function connect(): Database {
  const db = openPostgres({ url: serverUrl ?? '', poolSize: 2 });
  open.push(db);
  return db;
}

onPostgres('a word reaches the other processes and not its own; after a lost connection everybody looks', async () => {
  const [here, there] = [connect(), connect()];
  const heard = { here: [] as string[], there: [] as string[] };
  const channel = `signals/${process.pid}`;
  here.signals.listen(channel, (text) => heard.here.push(text));
  const unlisten = there.signals.listen(channel, (text) => heard.there.push(text));
  await until('the other listens', () => {
    here.signals.tell(channel, 'look');
    return heard.there.includes('look');
  });
  expect(heard.here.filter((text) => text !== '')).toEqual([]);

  heard.there.length = 0;
  const listening = `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and pid <> pg_backend_pid()`;
  await here.query(listening, []);
  await until('it listens again and looks', () => heard.there.includes(''));
  await until('it hears again', () => {
    here.signals.tell(channel, 'again');
    return heard.there.includes('again');
  });
  unlisten();
  heard.there.length = 0;
  await here.query('select pg_notify($1, $2)', [channel, 'nobody000']);
  expect(heard.there).toEqual([]);
});
