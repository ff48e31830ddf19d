import type { ErrorCode } from '@parley/contracts';
import type { ChatResult, Provider, Purpose } from './model.ts';
import type { Emptiness } from './unusable-answer.ts';

/**
 * Which limit ran out: reaching the server, its first sign of life, the next one, the attempt's share of the budget, or
 * the whole budget.
 */
export type TimeoutKind = 'connect' | 'first-token' | 'stall' | 'share' | 'total';

/** A rung of the structured-output ladder: the first answer, the answer after the issues were told, or the end. */
export type StructuredStage = 'first' | 'asked-again' | 'gave-up';

interface OfModel {
  /** The name as it stands in the call's list. */
  readonly model: string;
  readonly provider: Provider;
}

/** What happens inside the client, for metrics and spans. Labels come from closed sets, except the model's name. */
export type ModelEvent =
  | ({ readonly type: 'queued'; readonly waitMs: number } & OfModel)
  | ({
      readonly type: 'first-token';
      readonly kind: Purpose['kind'] | 'embedding';
      readonly afterMs: number;
      readonly isCold: boolean;
    } & OfModel)
  | ({ readonly type: 'timed-out'; readonly timeout: TimeoutKind; readonly afterMs: number } & OfModel)
  /** `attempt` is the one about to begin; 1 is the first retry. */
  | ({
      readonly type: 'retrying';
      readonly code: ErrorCode;
      readonly attempt: number;
      readonly delayMs: number;
    } & OfModel)
  | ({ readonly type: 'breaker-opened' } & OfModel)
  | ({ readonly type: 'breaker-half-opened' } & OfModel)
  | ({ readonly type: 'breaker-closed' } & OfModel)
  | ({
      readonly type: 'answered';
      readonly kind: Purpose['kind'];
      readonly attempts: number;
      readonly queueMs: number;
      readonly result: ChatResult;
    } & OfModel)
  | ({
      readonly type: 'embedded';
      readonly attempts: number;
      readonly queueMs: number;
      readonly result: {
        readonly inputs: number;
        readonly inputTokens: number;
        readonly outputTokens: number;
        readonly totalMs: number;
      };
    } & OfModel)
  /** An answer came to its end without text; what it cost is lost. */
  | ({
      readonly type: 'unusable';
      readonly emptiness: Emptiness;
      readonly result: {
        readonly inputTokens: number;
        readonly outputTokens: number;
        readonly reasoningTokens: number;
      };
    } & OfModel)
  | ({ readonly type: 'failed'; readonly kind: Purpose['kind'] | 'embedding'; readonly code: ErrorCode } & OfModel)
  | { readonly type: 'fell-back'; readonly from: string; readonly to: string; readonly code: ErrorCode }
  | {
      readonly type: 'structured';
      readonly model: string;
      readonly stage: StructuredStage;
      readonly isAccepted: boolean;
    };

/** Listener that must not block: it runs inside the call. What it throws is caught and counted. */
export type OnModelEvent = (event: ModelEvent) => void;
