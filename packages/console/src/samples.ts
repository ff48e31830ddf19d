/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Source: Prometheus text exposition format 0.0.4. */
export function samplesOf(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, inner = '', value] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const labels = Object.fromEntries(
      [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', quoted = '']) => [
        key,
        quoted.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)),
      ]),
    );
    return [{ name, labels, value: Number(value) }];
  });
}

export interface Work {
  readonly service: string;
  readonly inputs: number;
  readonly effects: number;
  readonly unsent: number;
  /** Seconds that the oldest effect has waited; undefined when the database does not say. */
  readonly oldestSeconds: number | undefined;
  readonly parked: number;
  readonly leasesLost: number;
  readonly deadLetters: number;
}

/** What waits in each service that this process has. */
export function workOf(samples: readonly Sample[]): Work[] {
  const services = new Set(
    samples.flatMap(({ name, labels }) => (name === 'parley_outbox_rows' ? (labels.service ?? []) : [])),
  );
  return [...services].sort().map((service) => {
    const of = (name: string) =>
      samples.filter((one) => one.name === `parley_${name}` && one.labels.service === service);
    const sum = (name: string) => of(name).reduce((total, { value }) => total + value, 0);
    return {
      service,
      inputs: sum('inbox_backlog'),
      effects: sum('effect_backlog'),
      unsent: sum('outbox_rows'),
      oldestSeconds: of('effect_oldest_age_seconds').length === 0 ? undefined : sum('effect_oldest_age_seconds'),
      parked: sum('parked_streams'),
      leasesLost: sum('leases_lost_total'),
      deadLetters: sum('dead_letters_total'),
    };
  });
}
