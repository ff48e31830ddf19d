export type { AroundEmbedding, AroundRequest } from './attempt.ts';
export { type Availability, checkAvailability } from './availability.ts';
export type { BreakerState } from './breaker.ts';
export {
  type ChatCall,
  type ClientDescription,
  createModelClient,
  type EmbedCall,
  type ModelClient,
  type ModelClientDeps,
} from './client.ts';
export { type Discovery, type DiscoveryEnv, type DiscoveryOptions, discoverModel } from './discovery.ts';
export type { ModelEvent, OnModelEvent, StructuredStage, TimeoutKind } from './event.ts';
export { createHttpFetch, type Fetch, type FetchInit } from './http-fetch.ts';
export { firstJsonObject } from './json-object.ts';
export type {
  ChatMessage,
  ChatRequest,
  ChatResult,
  EmbedRequest,
  EmbedResult,
  Model,
  Provider,
  Purpose,
  TranscriptTurn,
} from './model.ts';
export { createOllamaModel, type OllamaOptions } from './ollama.ts';
export { createOpenAiModel, type OpenAiOptions } from './openai.ts';
export { defaultPolicy, type PolicyOptions } from './policy.ts';
export { createRehearsalModel, type RehearsalOptions } from './rehearsal.ts';
export { type Models, refusalsOf, route } from './route.ts';
export { modelsOf, type Strategy } from './strategy.ts';
export { chatStructured, type Structured } from './structured.ts';
export {
  type AcceptedToolCall,
  type MadeToolCall,
  type PlainObject,
  type RefusedToolCall,
  type ToolCall,
  type ToolCallFault,
  type ToolDefinition,
  toolBounds,
  toolCallFaults,
  toolName,
} from './tool.ts';
