import { isParleyError, type Json, messageOf, ParleyError } from '@parley/contracts';
import type { Arguments } from '@parley/contracts/run';
import { idOf } from '@parley/runtime';
import type { EffectHandler, Spine } from '@parley/spine';
import { outcomeUnknown } from '../domain/run.ts';
import type { CallEffect, CallResult, RunEvent } from '../domain/run-state.ts';
import { checkedArguments, hashOf } from '../propose.ts';
import { type AnyTool, outputOf } from '../tool.ts';
import { type FindAgent, runLog } from './agents.ts';

export interface CallDeps {
  readonly findAgent: FindAgent;
  readonly readStreams: Spine['readStreams'];
}

/** Makes one call of a tool, with the arguments that stand in the log. */
export function createCall({ findAgent, readStreams }: CallDeps): EffectHandler {
  return async ({ stream, effect, signal }) => {
    const { call, tool: name } = (effect as CallEffect).data;
    const { agent, events } = runLog(await readStreams([stream]), findAgent);
    const tool = agent.tools.find((one) => one.name === name);
    if (tool === undefined) throw new ParleyError('TOOL_FAILED', `The agent has no tool "${name}" any more.`);
    // A person may have set them.
    const checked = checkedArguments(tool, argumentsOf(events, call));
    if (!checked.ok) throw new ParleyError('BAD_REQUEST', checked.reason);
    const answer = await answerOf(tool, checked.args, { signal, key: idOf(`call/${stream}/${call}`), run: stream });
    const { all, ...output } = outputOf(answer);
    const result: CallResult = { ...output, outputHash: hashOf(all) };
    return result as unknown as Json;
  };
}

function argumentsOf(events: readonly RunEvent[], call: string): Arguments | undefined {
  const started = events.findLast((event) => event.type === 'call-started.v1' && event.data.call === call);
  if (started?.type === 'call-started.v1' && started.data.args !== undefined) return started.data.args;
  const [number = 0, index = 0] = call.split('.').map(Number);
  const thought = events.find((event) => event.type === 'thought.v1' && event.data.thought === number);
  const proposed = thought?.type === 'thought.v1' ? thought.data.calls[index - 1] : undefined;
  return proposed !== undefined && 'args' in proposed ? proposed.args : undefined;
}

/**
 * What the tool answers within its time. Its own refusals, and what may pass, are told as they are. Whatever else a tool
 * that harms twice throws leaves open whether its work was done.
 */
async function answerOf(
  tool: AnyTool,
  args: Arguments,
  { signal, key, run }: { readonly signal: AbortSignal; readonly key: string; readonly run: string },
): Promise<Json> {
  const time = AbortSignal.timeout(tool.timeoutMs);
  const either = AbortSignal.any([signal, time]);
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(either.reason);
    if (either.aborted) end();
    else either.addEventListener('abort', end, { once: true });
  });
  try {
    // One that does not heed its signal is not waited for.
    return await Promise.race([Promise.resolve(tool.run(args, { signal: either, key, run })), ended]);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (isParleyError(thrown)) throw thrown;
    const why = time.aborted ? `It took longer than ${tool.timeoutMs} ms.` : messageOf(thrown);
    if (tool.effect === 'once') throw new ParleyError(outcomeUnknown, why, { cause: thrown });
    throw new ParleyError(time.aborted ? 'TOOL_TIMEOUT' : 'TOOL_FAILED', why, { cause: thrown });
  }
}
