import { nearestNames } from './nearest-names.ts';
import {
  type RefusedToolCall,
  type ToolCall,
  type ToolCallFault,
  type ToolDefinition,
  toolBounds,
  toolName,
} from './tool.ts';
import { parsed, readArguments } from './tool-arguments.ts';

/** Judges whether calls can be made. */
export interface ToolCallJudge {
  /** @param said the arguments, as they came. */
  call(name: string | undefined, said: unknown): ToolCall;
  /** The entry that stands for all calls beyond those that are taken. */
  tooMany(): ToolCall;
}

/** @param isCut the answer ended at its limit. */
export function createToolCallJudge(tools: readonly ToolDefinition[], isCut: boolean): ToolCallJudge {
  return {
    call: (name = '', said) => judged(name, said, tools, isCut, false),
    tooMany: () => refused('TOO_MANY_CALLS', '', `There are more than ${toolBounds.calls} calls: make fewer at once.`),
  };
}

/**
 * The call that a text is: one object and nothing else, with the name of a tool that is offered and its arguments, as
 * models write it whose server does not know their form. Anything else is a text.
 */
export function callInText(text: string, tools: readonly ToolDefinition[]): readonly ToolCall[] {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return [];
  const value = parsed(trimmed) as Readonly<Record<string, unknown>> | undefined;
  const inner = value?.function;
  const called = (typeof inner === 'object' && inner !== null ? inner : value) as typeof value;
  const said = called?.arguments ?? called?.parameters;
  if (called === undefined || !('arguments' in called || 'parameters' in called)) return [];
  const { name } = called;
  if (typeof name !== 'string' || !tools.some((tool) => tool.name === name)) return [];
  return [judged(name, said, tools, false, true)];
}

function judged(
  name: string,
  said: unknown,
  tools: readonly ToolDefinition[],
  isCut: boolean,
  isFromText: boolean,
): ToolCall {
  const names = tools.map((tool) => tool.name);
  if (!toolName.test(name)) return refused('BAD_NAME', '', `A call needs the name of a tool. ${offering(names)}`);
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) {
    return refused('UNKNOWN_TOOL', name, `There is no tool "${name}". ${offering(nearestNames(name, names))}`);
  }
  const read = readArguments(said, tool.parameters, isCut);
  if (read.ok) return { ok: true, name, arguments: read.value, isRepaired: read.isRepaired, isFromText };
  return { ...refused(read.fault, name, `The arguments of "${name}" ${sentences[read.fault]}`), isFromText };
}

function refused(fault: ToolCallFault, name: string, reason: string): RefusedToolCall {
  return { ok: false, fault, name, isFromText: false, reason: reason.slice(0, toolBounds.reason) };
}

function offering(names: readonly string[]): string {
  return `Use one of: ${names.join(', ')}.`;
}

const sentences: Readonly<Record<Extract<ToolCallFault, `ARGUMENTS_${string}`>, string>> = {
  ARGUMENTS_CUT: 'were cut off. Say less in one call.',
  ARGUMENTS_MALFORMED: 'are not JSON. Give one JSON object.',
  ARGUMENTS_NOT_AN_OBJECT: 'are not a JSON object. Give one JSON object.',
  ARGUMENTS_MISSING: 'are missing. Give one JSON object with what the tool needs.',
  ARGUMENTS_TOO_LONG: `are longer than ${toolBounds.argumentBytes} bytes. Say less in one call.`,
  ARGUMENTS_TOO_DEEP: `are nested deeper than ${toolBounds.depth} levels. Make them flatter.`,
};
