import type { OnModelEvent } from './event.ts';

/** What a caller gives a call to be told by, or to be wrapped in. */
export type HookName = 'onEvent' | 'onText' | 'onRestart' | 'aroundRequest';

/** Hears that a hook threw. What it throws itself is dropped: there is nobody left to tell. */
export type OnHookFailure = (hook: HookName, thrown: unknown) => void;

/** The hooks of a call or a client. */
interface Hooks {
  readonly onEvent?: OnModelEvent | undefined;
  readonly onText?: ((text: string) => void) | undefined;
  readonly onRestart?: (() => void) | undefined;
}

type Around<Start, Result> = (start: Start, run: () => Promise<Result>) => Promise<Result>;

/** The one place where hooks are called from: whatever watches a call must not be able to fail it. */
export interface HookGuard {
  /** The same hooks, which no longer throw. */
  quiet<H extends Hooks>(hooks: H): H;
  /** The same wrapper, which gives the result of what it wraps, whatever happens to itself. */
  around<Start, Result>(wrapper: Around<Start, Result>): Around<Start, Result>;
}

export function createHookGuard(onFailure: OnHookFailure = () => undefined): HookGuard {
  const tell = (hook: HookName, thrown: unknown) => {
    try {
      onFailure(hook, thrown);
    } catch {
      // Documented above.
    }
  };
  const guarded = <A extends unknown[]>(name: HookName, hook: (...args: A) => unknown) => {
    return (...args: A): void => {
      try {
        const returned = hook(...args);
        // A hook that was made async would fail the process instead.
        if (returned instanceof Promise) returned.catch((thrown: unknown) => tell(name, thrown));
      } catch (thrown) {
        tell(name, thrown);
      }
    };
  };
  return {
    quiet(hooks) {
      const { onEvent, onText, onRestart } = hooks;
      return {
        ...hooks,
        ...(onEvent === undefined ? {} : { onEvent: guarded('onEvent', onEvent) }),
        ...(onText === undefined ? {} : { onText: guarded('onText', onText) }),
        ...(onRestart === undefined ? {} : { onRestart: guarded('onRestart', onRestart) }),
      };
    },
    around: (wrapper) => async (start, run) => {
      let running: ReturnType<typeof run> | undefined;
      const once = () => {
        running ??= run();
        return running;
      };
      try {
        await wrapper(start, once);
      } catch (thrown) {
        const failure = running === undefined ? undefined : await running.then(nothing, (own: unknown) => ({ own }));
        if (failure === undefined || failure.own !== thrown) tell('aroundRequest', thrown);
      }
      return once();
    },
  };
}

const nothing = () => undefined;
