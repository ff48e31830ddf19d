// A real Prometheus on loopback that watches Parley: `npm run prometheus -- up`.
import { fileURLToPath } from 'node:url';
import { runFront } from './component/front.ts';
import { prometheus } from './prometheus/server.ts';

const usage = `npm run prometheus -- <command> [--name NAME]

  up [--port N] [--target HOST:PORT …]   starts it, getting it first, and prints its URL
  down [--purge]                         stops it; --purge throws its data away
  status | url                           what runs; its URL alone, as PARLEY_PROMETHEUS_URL wants it

It scrapes 127.0.0.1:8080, where "npm start" is, or every --target, and evaluates k8s/observability/rules.
Its programs are in PARLEY_PROMETHEUS_BIN, else on PATH, else unpacked from Debian's packages, else built with go.
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

const rules = fileURLToPath(new URL('../../../k8s/observability/rules/*.yaml', import.meta.url));

await runFront({
  component: prometheus,
  usage,
  flags: { target: { type: 'string', multiple: true, default: ['127.0.0.1:8080'] } },
  upOptions: ({ target }) => ({ targets: target, rules: [rules] }),
  url: ({ url }) => url,
  about: ({ url, version, source, pid, logFile }) =>
    `up: Prometheus ${version} (${source}), pid ${pid}\nurl: ${url}\nlog: ${logFile}`,
});
