import type { RunLimits } from '@parley/contracts/run';
import type { AnyTool } from './tool.ts';

/** What an agent is: data, and the tools that it names. */
export interface AgentDefinition {
  /** 1 to 64 lower-case letters, digits and dashes. */
  readonly name: string;
  /** A run keeps the version that it was started with. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** Something that one might ask it. */
  readonly examples: readonly string[];
  /** Who it is, in the second person. */
  readonly role: string;
  readonly goal: string;
  readonly constraints: readonly string[];
  readonly tools: readonly AnyTool[];
  /** Models in order of preference; those of the service without them. */
  readonly models?: readonly string[];
  readonly limits?: Partial<RunLimits>;
}
