/** What a server looks at. */
export interface Scraping {
  /** `host:port` of every process with /metrics. */
  readonly targets: readonly string[];
  /** Paths of rule files; a file name may hold a star. */
  readonly rules?: readonly string[];
  readonly scrapeSeconds?: number;
  /** `host:port` of what alerts are sent to. */
  readonly alertmanagers?: readonly string[];
}

/** The text of a configuration file: JSON, which is YAML. Source: Prometheus documentation, "Configuration". */
export function serverSettings({ targets, rules = [], scrapeSeconds = 15, alertmanagers = [] }: Scraping): string {
  const interval = `${scrapeSeconds}s`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rules,
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: [{ job_name: 'parley', static_configs: [{ targets }] }],
  });
}
