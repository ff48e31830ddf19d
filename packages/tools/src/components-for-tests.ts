import { messageOf } from '@parley/contracts';
import type { Say } from './progress.ts';

/** One run of all suites. */
export interface TestRun {
  /** What the suites get as their environment; a finder adds where its component is. */
  readonly env: NodeJS.ProcessEnv;
  /** True where the run fails without what a finder requires, and where long builds are worth their time. */
  readonly isCi: boolean;
  readonly say: Say;
}

/** Finds or starts one real component for the suites. */
export interface ComponentFinder {
  /** The component's name in PARLEY_TEST_COMPONENTS. */
  readonly name: string;
  /** Rejects where there is none; the message says what would help. */
  find(run: TestRun): Promise<{ readonly detail: string; stop?(): Promise<unknown> }>;
  /** Whether a run in CI fails without it. One that does not say is required. */
  isRequired?(run: TestRun): boolean | Promise<boolean>;
}

export interface RealComponent {
  readonly name: string;
  readonly detail: string;
}

export interface MissingComponent {
  readonly name: string;
  readonly why: string;
  readonly isRequired: boolean;
}

/** What a run of all suites has to work with. */
export interface FoundComponents {
  readonly real: readonly RealComponent[];
  readonly missing: readonly MissingComponent[];
  /** Stops what was started for this run. */
  stop(): Promise<void>;
}

/** Asks every finder, one after the other, because what they start shares this machine. */
export async function findComponents(finders: readonly ComponentFinder[], run: TestRun): Promise<FoundComponents> {
  const real: RealComponent[] = [];
  const missing: MissingComponent[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  for (const finder of finders) {
    const { name } = finder;
    try {
      const { detail, stop } = await finder.find(run);
      real.push({ name, detail });
      if (stop !== undefined) stops.push(stop);
    } catch (thrown) {
      const isRequired = (await finder.isRequired?.(run)) ?? true;
      missing.push({ name, why: messageOf(thrown), isRequired });
    }
  }
  return {
    real,
    missing,
    async stop() {
      for (const stop of stops) await stop();
    },
  };
}
