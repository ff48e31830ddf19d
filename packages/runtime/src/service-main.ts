import { isParleyError } from '@parley/contracts';
import { createLogger } from './logger.ts';

/** Exit code of a process that would end the same way if it were started again. Source: EX_CONFIG of sysexits.h. */
export const unusableExitCode = 78;

/**
 * Runs a service's `main`. A fault that its operator can mend (a setting, a port that is taken) is one line of the log
 * without a stack, is told to the process that started it, and ends this one with `unusableExitCode`.
 */
export async function serviceMain(service: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    if (!isParleyError(thrown) || thrown.retryable) throw thrown;
    const { code, message } = thrown;
    createLogger({ level: 'error', service }).error({ code }, message);
    await new Promise<void>((resolve) => {
      if (process.send === undefined) resolve();
      else process.send({ unusable: message }, () => resolve());
    });
    process.exit(unusableExitCode);
  }
}
