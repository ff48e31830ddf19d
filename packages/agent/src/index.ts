export { builtinAgents } from './builtin-agents.ts';
export type { AgentDefinition } from './definition.ts';
export { run } from './domain/run.ts';
export type { RunEvent, RunState } from './domain/run-state.ts';
export type { FindAgent } from './effects/agents.ts';
export { createCall } from './effects/call.ts';
export { createThink, type ThinkDeps } from './effects/think.ts';
export { type AnyTool, type Tool, type ToolContext, tool } from './tool.ts';
export { calculator } from './tools/calculator.ts';
