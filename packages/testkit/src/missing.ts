import { isParleyError, messageOf } from '@parley/contracts';

/** Parts of the system that a test run demands: without them it fails instead of skipping. */
export type Component =
  | 'actionlint'
  | 'chromium'
  | 'helm'
  | 'images'
  | 'kafka'
  | 'kubernetes'
  | 'postgres'
  | 'ollama'
  | 'prometheus'
  | 'release';

/** True in CI for what PARLEY_TEST_COMPONENTS names. */
export function isDemanded(component: Component): boolean {
  const { CI, PARLEY_TEST_COMPONENTS = '' } = process.env;
  return CI === 'true' && PARLEY_TEST_COMPONENTS.split(/[\s,]+/).includes(component);
}

/** Why servers cannot be had on this machine; undefined when they are up. Rejects where they are demanded. */
export async function whyMissing(component: Component, starting: Promise<unknown>): Promise<string | undefined> {
  try {
    await starting;
    return undefined;
  } catch (thrown) {
    if (isDemanded(component) || !isParleyError(thrown) || !thrown.code.endsWith('_UNAVAILABLE')) throw thrown;
    console.warn(`Skipped: ${messageOf(thrown)}`);
    return messageOf(thrown);
  }
}
