// A throw-away real Postgres on loopback: `npm run postgres -- up`.
import { parseArgs } from 'node:util';
import { postgresDown, postgresKill9, postgresRestart, postgresStatus, postgresUp } from './postgres/cluster.ts';
import { postgresPromote, postgresStandbyUp } from './postgres/standby.ts';
import { componentFlags, portFlag, runProgram, sayOnStderr } from './program.ts';

const usage = `npm run postgres -- <command> [--name NAME]

  up [--fast] [--port N]   starts it, making it first, and prints its URL
  down [--purge]           stops it; --purge throws its data away
  status | url             what runs; its URL alone
  restart                  stops and starts it, or recovers it after kill9
  kill9                    kills every process of it at once
  standby --of NAME        starts a streaming standby of the running cluster NAME, and prints its URL
  promote                  makes a standby the server that takes writes

--fast survives kill9 but no power cut. --name keeps several apart ("main" without it).
PARLEY_PG_BIN names a folder with initdb, pg_ctl and postgres; where no server can be had, it runs as a container if docker or
podman answers, of docker/compose.yaml's image. PARLEY_CACHE_DIR is where everything is kept.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...componentFlags, fast: { type: 'boolean' }, of: { type: 'string' } },
  });
  const options = values.name === undefined ? {} : { name: values.name };
  const port = portFlag(values.port);
  switch (values.help ? 'help' : positionals.join(' ')) {
    case 'up': {
      const chosen = { isFast: values.fast ?? false, ...(port === undefined ? {} : { port }) };
      console.log((await postgresUp({ ...options, ...chosen, say: sayOnStderr })).url);
      return 0;
    }
    case 'down':
      await postgresDown({ ...options, isPurged: values.purge ?? false });
      return 0;
    case 'restart':
      console.log((await postgresRestart(options)).url);
      return 0;
    case 'standby':
      if (values.of === undefined || values.name === undefined) break;
      console.log((await postgresStandbyUp({ ...options, of: values.of })).url);
      return 0;
    case 'promote':
      console.log((await postgresPromote(options)).url);
      return 0;
    case 'kill9':
      await postgresKill9(options);
      return 0;
    case 'status':
    case 'url': {
      const running = await postgresStatus(options);
      if (running === undefined) {
        console.error('down');
        return 3;
      }
      const { url, version, source, pid, logFile } = running;
      console.log(
        positionals[0] === 'url' ? url : `up: ${version} (${source}), pid ${pid}\nurl: ${url}\nlog: ${logFile}`,
      );
      return 0;
    }
  }
  console.error(usage);
  return values.help ? 0 : 2;
}

await runProgram(main);
