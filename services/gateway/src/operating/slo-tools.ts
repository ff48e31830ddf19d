import { type SlosView, slosView } from '@parley/contracts/http';
import { z } from 'zod';
import { type AnyTool, defineTool } from '../streams/tool.ts';

/** What the tools of the objectives work on. */
export interface SloBackend {
  /** How the objectives stand, as GET /v1/slos says. */
  slos(): Promise<SlosView>;
}

/** The service level objectives, as a tool. */
export function sloTools(backend: SloBackend): readonly AnyTool[] {
  return [
    defineTool({
      name: 'get_slos',
      title: 'Read the objectives',
      description: 'How every service level objective of this Parley stands, and what is left of its budget.',
      input: z.strictObject({}),
      output: slosView,
      annotations: { readOnlyHint: true },
      run: () => backend.slos(),
    }),
  ];
}
