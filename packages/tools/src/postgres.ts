// A throw-away real Postgres on loopback: `npm run postgres -- up`.
import { runFront } from './component/front.ts';
import { postgres, postgresKill9, postgresRestart } from './postgres/cluster.ts';
import { postgresPromote, postgresStandbyUp } from './postgres/standby.ts';

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

await runFront({
  component: postgres,
  usage,
  flags: { fast: { type: 'boolean' }, of: { type: 'string' } },
  upOptions: ({ fast = false }) => ({ isFast: fast }),
  url: ({ url }) => url,
  about: ({ url, version, source, pid, logFile }) =>
    `up: ${version} (${source}), pid ${pid}\nurl: ${url}\nlog: ${logFile}`,
  commands: {
    restart: async (options) => (await postgresRestart(options)).url,
    kill9: (options) => postgresKill9(options),
    promote: async (options) => (await postgresPromote(options)).url,
    async standby(options, _words, { of }) {
      return of !== undefined && options.name !== undefined && (await postgresStandbyUp({ ...options, of })).url;
    },
  },
});
