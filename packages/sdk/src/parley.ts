import type { Fact, StreamKind } from '@parley/contracts';
import type {
  CancelDebateBody,
  DebatePage,
  DebateStatus,
  DebateSummary,
  DebateView,
  PageQuery,
  ReplayPage,
  ReplayRules,
  ReplayView,
  StartDebateBody,
} from '@parley/contracts/debate';
import { debateKind, replayKind } from '@parley/contracts/debate/kinds.ts';
import type { SlosView, StreamPage, UsageQuery, UsageView } from '@parley/contracts/http';
import type { AgentView, RunAnswerBody, RunView, StartRunBody } from '@parley/contracts/run';
import { runKind } from '@parley/contracts/run/kinds.ts';
import { type FollowedEvent, type FollowOptions, followStream } from './follow.ts';
import { replayEnd } from './replay-end.ts';
import { answerIn, type CallOptions, createAsk, type RequestOptions } from './request.ts';

export interface ParleyOptions extends RequestOptions {
  /** An API key or token, sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
}

type OfKind = Pick<StreamKind, 'path'>;

export interface StreamListQuery {
  /** 1 to 100. */
  readonly limit?: number | undefined;
  /** The last id of the page before. */
  readonly cursor?: string | undefined;
  readonly kind?: string | undefined;
  /** Words that all kinds share, such as working or completed. */
  readonly status?: string | undefined;
}

type ToldRun = Pick<RunView, 'id' | 'status'>;

type Controlled = { readonly id: string; readonly status: DebateStatus };
type Started = Pick<ReplayView, 'id' | 'debate' | 'status'>;

type ReplayFact = Fact<'replay-started.v1' | 'replay-waiting.v1' | 'replay-finished.v1' | 'replay-failed.v1'>;

/**
 * Speaks to a gateway. Commands carry an idempotency key and are sent again while the server says "later"; whatever
 * fails otherwise is a `ParleyError` with the server's code and sentence.
 */
export function createParley(options: ParleyOptions) {
  const bearer = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  const ask = createAsk({ ...options, headers: { ...bearer, ...options.headers } });
  const get = async <T>(path: string, query: object = {}, call: CallOptions = {}): Promise<T> =>
    answerIn<T>(await ask(withQuery(path, query), call));
  const post = async <T>(path: string, body: unknown, call: CallOptions = {}): Promise<T> =>
    answerIn<T>(await ask(path, { ...call, method: 'POST', body }));
  const runAt = (id: string, ...rest: string[]): string =>
    ['/v1/runs', ...[id, ...rest].map(encodeURIComponent)].join('/');
  const at = (id: string, ...rest: string[]): string =>
    ['/v1/debates', ...[id, ...rest].map(encodeURIComponent)].join('/');

  return {
    debates: {
      start: (body: StartDebateBody, call?: CallOptions) => post<DebateSummary>('/v1/debates', body, call),
      get: (id: string, call?: CallOptions) => get<DebateView>(at(id), {}, call),
      /** One page, newest first; `next` is the cursor of the next one. */
      list: (query: PageQuery = {}, call?: CallOptions) => get<DebatePage>('/v1/debates', query, call),
      cancel: (id: string, body: CancelDebateBody = {}, call?: CallOptions) =>
        post<Controlled>(at(id, 'cancel'), body, call),
      pause: (id: string, call?: CallOptions) => post<Controlled>(at(id, 'pause'), {}, call),
      resume: (id: string, call?: CallOptions) => post<Controlled>(at(id, 'resume'), {}, call),
      /** Adds a note to both sides, which goes with their next turns. */
      addNote: (id: string, text: string, call?: CallOptions) => post<Controlled>(at(id, 'notes'), { text }, call),
      /** @deprecated The name of `addNote` before this release. */
      note: (id: string, text: string, call?: CallOptions) => post<Controlled>(at(id, 'notes'), { text }, call),
      /** Every event once and in order, whatever happens to the connection or the server, until the last. */
      follow: (id: string, how?: FollowOptions): AsyncGenerator<FollowedEvent> =>
        followStream(ask, debateKind, id, how),
    },
    replays: {
      start: (debate: string, rules: ReplayRules = {}, call?: CallOptions) =>
        post<Started>(at(debate, 'replays'), rules, call),
      get: (debate: string, id: string, call?: CallOptions) => get<ReplayView>(at(debate, 'replays', id), {}, call),
      /** The newest 100. */
      list: (debate: string, call?: CallOptions) => get<ReplayPage>(at(debate, 'replays'), {}, call),
      /** Every event once and in order, until it is finished or has failed. */
      follow: (id: string, how?: FollowOptions) => followStream<ReplayFact>(ask, replayKind, id, how),
      /** Resolves when it is over, one way or the other. */
      finished: (debate: string, id: string, { signal }: CallOptions = {}): Promise<ReplayView> =>
        replayEnd(ask, debate, id, { signal }),
    },
    agents: {
      list: (call?: CallOptions) => get<{ readonly agents: readonly AgentView[] }>('/v1/agents', {}, call),
      /** Asks an agent; the run is durable when this resolves. */
      run: (name: string, body: StartRunBody, call?: CallOptions) =>
        post<RunView>(`/v1/agents/${encodeURIComponent(name)}/runs`, body, call),
    },
    runs: {
      get: (id: string, call?: CallOptions) => get<RunView>(runAt(id), {}, call),
      cancel: (id: string, body: { readonly reason?: string } = {}, call?: CallOptions) =>
        post<ToldRun>(runAt(id, 'cancel'), body, call),
      /** Tells it something; its next thought knows it. */
      addMessage: (id: string, text: string, call?: CallOptions) =>
        post<ToldRun>(runAt(id, 'messages'), { text }, call),
      /** Answers its question: the one named, or the first with words, such as "yes" to an approval. */
      answer: (id: string, answer: RunAnswerBody, call?: CallOptions) =>
        post<ToldRun>(runAt(id, 'answers'), answer, call),
      /** Every event once and in order, whatever happens to the connection or the server, until the last. */
      follow: (id: string, how?: FollowOptions) => followStream(ask, runKind, id, how),
    },
    streams: {
      /** Starts one of a kind; which fields it takes is in the API's document under `POST /v1/{path}`. */
      start: <V extends { readonly id: string }>({ path }: OfKind, body: object, call?: CallOptions) =>
        post<V>(`/v1/${path}`, body, call),
      get: <V extends { readonly id: string }>({ path }: OfKind, id: string, call?: CallOptions) =>
        get<V>(`/v1/${path}/${encodeURIComponent(id)}`, {}, call),
      /** One page of the streams of all kinds, newest first; `kind` and `status` name several with commas. */
      list: (query: StreamListQuery = {}, call?: CallOptions) => get<StreamPage>('/v1/streams', query, call),
      /** Every event once and in order, until the kind's last one. */
      follow: <F extends Fact = Fact>(kind: Pick<StreamKind, 'path' | 'last'>, id: string, how?: FollowOptions) =>
        followStream<F>(ask, kind, id, how),
    },
    /** Any operation of /openapi.json that answers JSON. */
    request: async <T>(
      method: 'GET' | 'POST' | 'DELETE',
      path: string,
      { query = {}, body }: { readonly query?: object; readonly body?: unknown } = {},
      call: CallOptions = {},
    ): Promise<T> => answerIn<T>(await ask(withQuery(path, query), { ...call, method, body })),
    /** Reads how every objective stands. */
    slos: (call?: CallOptions) => get<SlosView>('/v1/slos', {}, call),
    usage: (query: UsageQuery = {}, call?: CallOptions) => get<UsageView>('/v1/usage', query, call),
  };
}
export type Parley = ReturnType<typeof createParley>;

function withQuery(path: string, query: object): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)]));
  return pairs.length === 0 ? path : `${path}?${search}`;
}
