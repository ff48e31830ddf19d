import { ParleyError } from '@parley/contracts';
import type { Model, Provider } from './model.ts';

export type Models = Readonly<Record<Provider, Model | undefined>>;

/** A model and the name it goes by there. */
export interface Route {
  readonly model: Model;
  readonly wireName: string;
}

/**
 * Finds the provider of a name: `rehearsal` and `rehearsal:…`; `ollama/NAME` and `openai/NAME`; any other name is
 * Ollama's if there is one, else OpenAI's. Throws MODEL_NOT_FOUND when that provider is not configured.
 */
export function route(name: string, models: Models): Route {
  const { provider, wireName } = split(name, models);
  const model = models[provider];
  if (model !== undefined && wireName !== '') return { model, wireName };
  throw new ParleyError('MODEL_NOT_FOUND', `No server is configured for model "${name}". ${remedies[provider]}`);
}

/** What the server of a model has refused of requests since this process began, as the end of a sentence; '' for nothing. */
export function refusalsOf(name: string, models: Models): string {
  const { provider, wireName } = split(name, models);
  const fields = models[provider]?.refusedFields?.(wireName) ?? [];
  return fields.length === 0 ? '' : `; its server refuses ${fields.join(', ')}, and is asked without`;
}

const remedies: Readonly<Record<Provider, string>> = {
  ollama: 'Start Ollama or set OLLAMA_HOST, or use the model rehearsal.',
  openai: 'Set OPENAI_BASE_URL, or use the model rehearsal.',
  rehearsal: 'This process was started without the rehearsal model.',
};

function split(name: string, models: Models): { provider: Provider; wireName: string } {
  if (name === 'rehearsal' || name.startsWith('rehearsal:')) return { provider: 'rehearsal', wireName: name };
  for (const provider of ['ollama', 'openai'] as const) {
    if (name.startsWith(`${provider}/`)) return { provider, wireName: name.slice(provider.length + 1) };
  }
  return { provider: models.ollama === undefined && models.openai !== undefined ? 'openai' : 'ollama', wireName: name };
}
