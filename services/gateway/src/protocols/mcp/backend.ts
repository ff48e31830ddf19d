import type {
  DebatePage,
  DebateSummary,
  DebateView,
  DeltaV1,
  PageQuery,
  ReplayRules,
  ReplayView,
  SlosView,
  StartDebateBody,
} from '@parley/contracts';

/** A debate's event, as every face gives it out. */
export interface NumberedEvent {
  readonly seq: number;
  readonly type: string;
  readonly data: unknown;
}

/** A piece of a turn's text, sent while the model is still writing it. */
export interface WrittenPiece {
  readonly type: 'delta';
  readonly data: DeltaV1;
}

/** What the tools work on: the gateway's own functions, or a client of a gateway. */
export interface McpBackend {
  start(body: StartDebateBody): Promise<DebateSummary>;
  get(id: string): Promise<DebateView>;
  list(query: PageQuery): Promise<DebatePage>;
  /** Durable events until the last, and pieces of turns in between. */
  follow(id: string, signal: AbortSignal): AsyncIterable<NumberedEvent | WrittenPiece>;
  startReplay(debate: string, rules: ReplayRules): Promise<{ readonly id: string }>;
  finishedReplay(debate: string, replay: string, signal: AbortSignal): Promise<ReplayView>;
  /** How the objectives stand, as GET /v1/slos says. */
  slos(): Promise<SlosView>;
  /** The sentence for who called; nothing that is only for the log. */
  explain(thrown: unknown): string;
}
