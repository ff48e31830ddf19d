import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChatRequest, ChatResult, Model, ToolDefinition } from '../src/index.ts';
import { type Ending, type ToolShape, toolShapes } from './tool-shapes.ts';

export interface ToolsOpened {
  readonly model: Model;
  close(): Promise<void>;
}

/** The name of the model that answers in each shape; null where the wire has none. */
export type Named = Readonly<Record<ToolShape, string | null>>;

const oneOf = (name: string, properties: object, required: readonly string[]): ToolDefinition => ({
  name,
  description: `The ${name}.`,
  parameters: { type: 'object', properties, required },
});
export const tools: readonly ToolDefinition[] = [
  oneOf('calculator', { expression: { type: 'string' } }, ['expression']),
  oneOf('weather', { city: { type: 'string' }, days: { type: 'integer' } }, ['city']),
  oneOf('clock', {}, []),
];

export function toolRequest(model: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model,
    messages: [{ role: 'user', content: 'How much is 10 times 99?' }],
    purpose: { kind: 'turn', topic: 'Sums' },
    maxTokens: 64,
    contextTokens: 2_048,
    tools,
    signal: new AbortController().signal,
    ...more,
  };
}

/**
 * What every adapter owes a caller that offers tools, in each shape in which servers send calls. Where
 * `openReplay` answers, each answer comes once more byte by byte.
 */
export function toolContract(
  name: string,
  named: Named,
  pieces: 'whole' | 'bytes-too',
  open: () => Promise<ToolsOpened>,
): void {
  describe(`the contract of tool calls: ${name}`, () => {
    let opened: ToolsOpened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    const one = named['one call'] ?? '';
    const shapes = Object.keys(toolShapes) as ToolShape[];
    const cases = shapes.flatMap((shape) => (named[shape] === null ? [] : [[shape, named[shape]] as const]));
    const inPieces = async (model: string) => {
      let heard = '';
      const onText = (text: string) => {
        heard += text;
      };
      const onRestart = () => {
        heard = '';
      };
      return { result: await opened.model.chat(toolRequest(model, { onText, onRestart })), heard: () => heard };
    };
    const expectEnding = async (model: string, ending: Ending) => {
      if ('code' in ending) {
        await expect(inPieces(model)).rejects.toMatchObject(ending);
        return;
      }
      const { result, heard } = await inPieces(model);
      expect(ended(result)).toEqual(ending);
      expect(heard()).toBe(result.text);
    };

    test.each(cases)('%s', async (shape, model) => {
      await expectEnding(model, toolShapes[shape]);
      if (pieces === 'bytes-too') await expectEnding(`${model}!bytes`, toolShapes[shape]);
    });

    test('no answer with a call has a count of 0 tokens', async () => {
      const result = await opened.model.chat(toolRequest(one));
      expect(result.inputTokens).toBeGreaterThan(20);
      expect(result.outputTokens).toBeGreaterThan(2);
    });

    test('a call that is aborted beforehand asks nobody', async () => {
      const aborted = toolRequest(one, { signal: AbortSignal.abort() });
      await expect(opened.model.chat(aborted)).rejects.toMatchObject({ code: 'CANCELLED' });
    });

    test.each([
      ['a name with a space', [{ ...tools[0], name: 'a b' }], /"a b" is no name of a tool/],
      ['two tools of one name', [tools[0], tools[0]], /Two tools are named "calculator"/],
      ['more tools than servers take', Array.from({ length: 129 }, (_, n) => ({ ...tools[0], name: `t${n}` })), /129/],
    ])('%s cannot be offered', async (_, offered, message) => {
      const asked = toolRequest(one, { tools: offered as ToolDefinition[] });
      await expect(opened.model.chat(asked)).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(message),
      });
    });
  });
}

function ended({ text, toolCalls = [], finishReason, oddities = [] }: ChatResult): Ending {
  const calls = toolCalls.map((call) => (call.ok ? { [call.name]: call.arguments } : { [call.fault]: call.name }));
  return { text, calls, finishReason, odd: oddities.filter((oddity) => oddity.startsWith('tool-call')) };
}
