import { messageOf } from '@parley/contracts';
import { type Discovery, discoverModel, route } from '@parley/model';
import { type Env, modelEnv, readEnv } from '@parley/runtime';
import type { Check, Outcome } from './finding.ts';

const probeMs = 2_000;
const suggested = { chat: 'qwen3:4b', embed: 'all-minilm' } as const;

/** The models that `parley up` would use with this environment. */
export function modelChecks(environment: Env): Check[] {
  const found = once(async () => {
    const env = readEnv(modelEnv, environment);
    return {
      env,
      ...(await discoverModel({ env, model: env.PARLEY_MODEL, embedModel: env.PARLEY_EMBED_MODEL, probeMs })),
    };
  });
  return [
    {
      component: 'model',
      needed: 'a chat model: Ollama, or OPENAI_BASE_URL; the rehearsal model needs none',
      remedy: `ollama serve & ollama pull ${suggested.chat}`,
      async look() {
        const { env, ...discovery } = await found();
        const isAsked = env.PARLEY_MODEL !== undefined && discovery.isRehearsal;
        if (isAsked) return { found: discovery.explanation };
        const isNamed = [env.OLLAMA_HOST, env.OPENAI_BASE_URL, env.PARLEY_MODEL].some((text) => text !== undefined);
        if (discovery.isRehearsal) return { status: isNamed ? 'missing' : 'optional', found: discovery.explanation };
        return availabilityOutcome(discovery, discovery.defaultModel, discovery.explanation);
      },
    },
    {
      component: 'embedding model',
      needed: 'one that finds turns that say the same in other words (PARLEY_EMBED_MODEL)',
      remedy: `ollama pull ${suggested.embed}`,
      async look() {
        const { env, embedModel, models } = await found();
        if (env.PARLEY_EMBED_MODEL === 'none') return { found: 'left out (PARLEY_EMBED_MODEL=none)' };
        if (embedModel === undefined)
          return { status: 'optional', found: 'none; the steps that need none find repetitions' };
        return availabilityOutcome({ models }, embedModel, embedModel);
      },
    },
  ];
}

/** Whether the server that a model is named of has it. */
async function availabilityOutcome(
  { models }: Pick<Discovery, 'models'>,
  name: string,
  found: string,
): Promise<Outcome> {
  const { model: server, wireName } = route(name, models);
  if (server.provider === 'rehearsal') return { found };
  const isOllama = server.provider === 'ollama';
  const remedy = isOllama ? 'ollama serve' : 'export OPENAI_BASE_URL=http://HOST:PORT/v1 OPENAI_API_KEY=KEY';
  try {
    const there = await server.list(AbortSignal.timeout(probeMs));
    // Ollama says NAME:latest for what is pulled as NAME.
    if (there.includes(wireName) || there.includes(`${wireName}:latest`)) return { found };
    const other = there.find((each) => !/embed/i.test(each)) ?? 'NAME';
    const pull = isOllama ? `ollama pull ${wireName}` : `export PARLEY_MODEL=openai/${other}`;
    return { status: 'missing', found: `${found}, and the server has no model ${wireName}`, remedy: pull };
  } catch (thrown) {
    return { status: 'missing', found: messageOf(thrown), remedy };
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= work();
    return made;
  };
}
