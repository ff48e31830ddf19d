import { ParleyError } from '@parley/contracts';
import type { ChatRequest } from './model.ts';
import { type ToolDefinition, toolBounds, toolName } from './tool.ts';

/**
 * The tools of a request, or undefined when it offers none. Throws CONFIG_INVALID, with the tool's name, for tools that no
 * server takes.
 */
export function offeredTools({ tools = [] }: Pick<ChatRequest, 'tools'>): readonly ToolDefinition[] | undefined {
  if (tools.length === 0) return undefined;
  if (tools.length > toolBounds.offered) {
    throw invalid(`${tools.length} tools are offered at once, and servers take ${toolBounds.offered}. Offer fewer.`);
  }
  const names = new Set<string>();
  for (const { name } of tools) {
    if (!toolName.test(name)) {
      throw invalid(`"${name.slice(0, 100)}" is no name of a tool. Use 1 to 64 letters, digits, "_" and "-".`);
    }
    if (names.has(name)) throw invalid(`Two tools are named "${name}". Rename one of them.`);
    names.add(name);
  }
  return tools;
}

/** Tools in the form of either wire. */
export function toWireTools(tools: readonly ToolDefinition[] | undefined): { readonly tools?: readonly object[] } {
  if (tools === undefined || tools.length === 0) return {};
  const wire = tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
  return { tools: wire };
}

function invalid(message: string): ParleyError {
  return new ParleyError('CONFIG_INVALID', message);
}
