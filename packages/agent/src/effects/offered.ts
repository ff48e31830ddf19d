import type { ToolDefinition } from '@parley/model';
import { z } from 'zod';
import type { AnyTool } from '../tool.ts';

/** A tool as it is offered to a model. */
export function definitionOf({ name, description, input }: AnyTool): ToolDefinition {
  const { $schema: _, ...parameters } = z.toJSONSchema(input, { io: 'input', target: 'draft-7' });
  return { name, description, parameters };
}
