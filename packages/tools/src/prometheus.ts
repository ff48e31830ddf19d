// A real Prometheus on loopback that watches Parley: `npm run prometheus -- up`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { componentFlags, portFlag, runProgram, sayOnStderr } from './program.ts';
import { prometheusDown, prometheusStatus, prometheusUp } from './prometheus/server.ts';

const usage = `npm run prometheus -- <command> [--name NAME]

  up [--port N] [--target HOST:PORT …]   starts it, getting it first, and prints its URL
  down [--purge]                         stops it; --purge throws its data away
  status | url                           what runs; its URL alone, as PARLEY_PROMETHEUS_URL wants it

It scrapes 127.0.0.1:8080, where "npm start" is, or every --target, and evaluates k8s/observability/rules.
Its programs are in PARLEY_PROMETHEUS_BIN, else on PATH, else unpacked from Debian's packages, else built with go.
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

const rules = fileURLToPath(new URL('../../../k8s/observability/rules/*.yaml', import.meta.url));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...componentFlags, target: { type: 'string', multiple: true, default: ['127.0.0.1:8080'] } },
  });
  const options = values.name === undefined ? {} : { name: values.name };
  const port = portFlag(values.port);
  switch (values.help ? 'help' : positionals.join(' ')) {
    case 'up': {
      const chosen = { targets: values.target, rules: [rules], ...(port === undefined ? {} : { port }) };
      console.log((await prometheusUp({ ...options, ...chosen, say: sayOnStderr })).url);
      return 0;
    }
    case 'down':
      await prometheusDown({ ...options, isPurged: values.purge ?? false });
      return 0;
    case 'status':
    case 'url': {
      const running = await prometheusStatus(options);
      if (running === undefined) {
        console.error('down');
        return 3;
      }
      const { url, version, source, pid, logFile } = running;
      const about = `up: Prometheus ${version} (${source}), pid ${pid}\nurl: ${url}\nlog: ${logFile}`;
      console.log(positionals[0] === 'url' ? url : about);
      return 0;
    }
    default:
      console.error(usage);
      return values.help ? 0 : 2;
  }
}

await runProgram(main);
