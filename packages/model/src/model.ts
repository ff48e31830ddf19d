import type { Side } from '@parley/contracts/debate';
import type { Oddity } from './oddity.ts';
import type { MadeToolCall, ToolCall, ToolDefinition } from './tool.ts';

/** What answers: an Ollama server, a server that speaks OpenAI's chat completions, or the embedded scripted model. */
export type Provider = 'ollama' | 'openai' | 'rehearsal';

/**
 * A message of a conversation. The results of an assistant's tool calls follow it one by one, in the order of the calls,
 * before anything else is said: that order, and no id, says which belongs to which.
 */
export type ChatMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant';
      /** Empty where the model only called tools. */
      readonly content: string;
      readonly toolCalls?: readonly MadeToolCall[];
    }
  | {
      readonly role: 'tool';
      /** The name of the tool that was called. */
      readonly toolName: string;
      /** What the tool has said, or why it could not be called. */
      readonly content: string;
    };

export interface TranscriptTurn {
  readonly side: Side;
  /** 1 is the first round. */
  readonly round: number;
  readonly text: string;
}

/** What the call is for: labels for metrics and spans, and what the rehearsal model acts on. Never sent to a server. */
export interface Purpose {
  readonly kind: 'turn' | 'judge' | 'assess' | 'summary' | 'concession' | 'agent';
  readonly topic: string;
  readonly side?: Side;
  /** 1 is the first round. */
  readonly round?: number;
  /** 1 is the first attempt. The client adds its own retries to it. */
  readonly attempt?: number;
  /** What the judge judges, oldest turn first. */
  readonly transcript?: readonly TranscriptTurn[];
  /** Which side the prompt calls X and which Y, for a judge. */
  readonly labels?: Readonly<Record<'X' | 'Y', Side>>;
}

export interface ChatRequest {
  /** The name as the server knows it. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly purpose: Purpose;
  /** Upper bound of the answer, in tokens of the model. */
  readonly maxTokens: number;
  /** Window for prompt and answer together, in tokens. Keep it constant per model: Ollama reloads when it changes. */
  readonly contextTokens: number;
  readonly temperature?: number;
  readonly seed?: number;
  /** JSON schema of the answer. A help to the model, not a promise: the answer still has to be checked. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** What the model may call instead of answering, or beside it. */
  readonly tools?: readonly ToolDefinition[];
  /** Stops the generation at once; `chat` then rejects with CANCELLED. */
  readonly signal: AbortSignal;
  /**
   * Called with each piece of text as it arrives, in order, without thoughts; together they are the result's text, or
   * begin with it when the answer was longer than its bound and was cut.
   */
  onText?(text: string): void;
  /** What `onText` was given so far turned out to be thoughts, or a tool call; the text begins again. */
  onRestart?(): void;
  /** Called for every sign of life from the server, also those that carry no text. */
  onProgress?(): void;
}

export interface ChatResult {
  /** Empty only where the model called tools. */
  readonly text: string;
  /**
   * The tools that the model called, in its order, at most `toolBounds.calls` and one entry that says that there were more.
   * Absent when it called none; never there when none were offered. They come at the end of an answer, never piece by piece.
   */
  readonly toolCalls?: readonly ToolCall[];
  /** The name that was asked for. */
  readonly model: string;
  readonly provider: Provider;
  /** `length`: the answer was cut at `maxTokens` or at the context window. */
  readonly finishReason: 'stop' | 'length';
  /** As counted by the server; estimated as characters / 4 where it does not say. */
  readonly inputTokens: number;
  /** Thoughts included. */
  readonly outputTokens: number;
  /** The part of `outputTokens` that was spent on thoughts; estimated where the server does not say. */
  readonly reasoningTokens?: number;
  /** What was odd about the answer and did not matter. */
  readonly oddities?: readonly Oddity[];
  /** Time the server spent on loading the model, where it says so. */
  readonly loadMs?: number;
  /** Time from the request to the first piece of text; equals `totalMs` when there was no text. */
  readonly firstTokenMs: number;
  readonly totalMs: number;
}

export interface EmbedRequest {
  /** The name as the server knows it. */
  readonly model: string;
  /** At least one text, none of them empty. A server may cut what exceeds the model's window. */
  readonly inputs: readonly string[];
  /** `embed` then rejects with CANCELLED. */
  readonly signal: AbortSignal;
}

export interface EmbedResult {
  /** One for each input, in its order; all of one dimension. Not necessarily of length 1. */
  readonly vectors: readonly (readonly number[])[];
  /** The name that was asked for. */
  readonly model: string;
  readonly provider: Provider;
  /** As counted by the server; estimated as characters / 4 where it does not say. */
  readonly inputTokens: number;
  readonly totalMs: number;
}

/**
 * A model server. No retries, timeouts or queues here: those are the client's.
 *
 * `chat` and `embed` reject with a ParleyError: MODEL_UNREACHABLE, MODEL_OVERLOADED, MODEL_BROKE_OFF (retryable),
 * MODEL_NOT_FOUND, MODEL_REFUSED, MODEL_GARBAGE, CANCELLED. A request with tools may also be MODEL_WITHOUT_TOOLS:
 * the model takes none, and the same request without them may be answered.
 */
export interface Model {
  readonly provider: Provider;
  chat(request: ChatRequest): Promise<ChatResult>;
  /** Vectors whose cosine says how much two texts have in common. A model that cannot is MODEL_REFUSED. */
  embed(request: EmbedRequest): Promise<EmbedResult>;
  /** Fields of requests that the server has refused for a model, so that they are left out or sent in another form. */
  refusedFields?(model: string): readonly string[];
  /** Names that `chat` accepts, embedding models included. Rejects like `chat`. */
  list(signal: AbortSignal): Promise<readonly string[]>;
}
