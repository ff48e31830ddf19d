/** One fault that a careless change could bring in, and the suite that must notice it. */
export interface PlantedFault {
  /** Lower-case words with hyphens; what is broken. */
  readonly id: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
  readonly workspace: string;
  /** File of tests, from the workspace. */
  readonly suite: string;
  /** What the suite needs: "none" is a matter of seconds and belongs to the quick form. */
  readonly database: 'none' | 'embedded' | 'postgres';
}

export type Verdict = 'killed' | 'survived' | 'hung' | 'did not run' | 'no longer applies';

/** The file's text with the fault in it; undefined where it does not stand there exactly once. */
export function planted(text: string, fault: PlantedFault): string | undefined {
  const parts = text.split(fault.text);
  return parts.length === 2 ? parts.join(fault.replacement) : undefined;
}

/** What a run of the suite says of the fault in it. Only a test that failed has noticed it. */
export function verdictOf(run: {
  readonly isTimedOut: boolean;
  readonly failed: number | undefined;
  readonly passed: number;
}): Verdict {
  if (run.isTimedOut) return 'hung';
  if (run.failed === undefined || (run.failed === 0 && run.passed === 0)) return 'did not run';
  return run.failed > 0 ? 'killed' : 'survived';
}
