import { isParleyError, messageOf } from '@parley/contracts';

/** What was looked at, what is there, and what should be. */
export interface Finding {
  readonly component: string;
  /** "optional": it is not there, and what was configured does without; "missing": something does not work without. */
  readonly status: 'ok' | 'optional' | 'missing';
  readonly found: string;
  readonly needed: string;
  /** The command that mends it; null where nothing is to be mended. */
  readonly remedy: string | null;
}

export interface Check {
  readonly component: string;
  readonly needed: string;
  /** Rejects with what is wrong. */
  look(): Promise<Outcome | readonly Outcome[]>;
  /** The command that mends what `look` rejects with. */
  readonly remedy: string;
}
/** What differs from the check is said with it. */
export type Outcome = Pick<Finding, 'found'> & Partial<Finding>;

/** Looks at a component; what is thrown is what was found. */
export async function findingsOf({ component, needed, look, remedy }: Check): Promise<Finding[]> {
  const whole = (outcome: Outcome): Finding => {
    const { status = 'ok' } = outcome;
    return { component, needed, status, ...outcome, remedy: status === 'ok' ? null : (outcome.remedy ?? remedy) };
  };
  try {
    const outcome = await look();
    return (Array.isArray(outcome) ? outcome : [outcome]).map(whole);
  } catch (thrown) {
    return [whole({ status: 'missing', found: oneLine(messageOf(thrown)), remedy: unsetting(thrown) ?? remedy })];
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Settings that cannot be used are named at the beginnings of the lines of the message. */
function unsetting(thrown: unknown): string | undefined {
  if (!isParleyError(thrown) || thrown.code !== 'CONFIG_INVALID') return undefined;
  const names = [...thrown.message.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
  return names.length === 0 ? undefined : `unset ${names.join(' ')}`;
}
