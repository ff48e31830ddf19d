import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createComponent, type UpOptions } from '../component/component.ts';
import { daemonServer } from '../component/daemon.ts';
import type { ComponentOptions, ComponentPlace } from '../component/place.ts';
import { choosePort } from '../ports.ts';
import { findPrograms, type PrometheusPrograms } from './programs.ts';

export type PrometheusOptions = ComponentOptions;

/** Where the server "main" is found unless something else is there; 9090 is left to the user's own. */
const mainPort = 9_091;
const code = 'PROMETHEUS_UNAVAILABLE';

/** What a server looks at. */
interface Scraping {
  /** `host:port` of every process with /metrics. */
  readonly targets: readonly string[];
  /** Paths of rule files; a file name may hold a star. */
  readonly rules?: readonly string[];
  readonly scrapeSeconds?: number;
  /** `host:port` of what alerts are sent to. */
  readonly alertmanagers?: readonly string[];
}

export interface PrometheusUpOptions extends UpOptions, Scraping {
  /** Without it the server keeps its port, or takes a free one. */
  readonly port?: number;
}

interface Kept extends PrometheusPrograms {
  readonly port: number;
}

/** A server that answers. `url` is what PARLEY_PROMETHEUS_URL wants. */
export interface PrometheusInfo extends PrometheusPrograms {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
}

export const prometheus = createComponent<Kept, PrometheusUpOptions, PrometheusInfo>({
  name: 'prometheus',
  code,
  startTimeoutMs: 60_000,
  lockTimeoutMs: 3_600_000,
  async find(at, options, known, say) {
    const programs = await findPrograms(at.home, process.env.PARLEY_PROMETHEUS_BIN, say);
    const port = await choosePort(options.port, known?.port ?? (at.name === 'main' ? mainPort : 0));
    await mkdir(at.folder, { recursive: true });
    await writeFile(settingsOf(at), serverSettings(options));
    return { ...programs, port };
  },
  servers: (at, kept) => [serverOf(at, kept)],
  async info(at, kept) {
    const server = serverOf(at, kept);
    const pid = await server.pid();
    if (pid === undefined || !(await server.isReady())) return undefined;
    return { ...kept, url: urlOf(kept), pid, logFile: server.logFile };
  },
});

function serverOf(at: ComponentPlace, kept: Kept) {
  return daemonServer({
    ...{ what: 'Prometheus', code, cwd: at.folder, program: kept.prometheus },
    ...{ pidFile: join(at.folder, 'pid'), log: join(at.folder, 'log'), mark: settingsOf(at) },
    args: [
      `--config.file=${settingsOf(at)}`,
      `--storage.tsdb.path=${join(at.folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${kept.port}`,
      '--enable-feature=exemplar-storage',
    ],
    isReady: async () => {
      const answer = fetch(`${urlOf(kept)}/-/ready`, { signal: AbortSignal.timeout(2_000) });
      return (await answer.catch(() => undefined))?.ok ?? false;
    },
  });
}

const urlOf = ({ port }: Kept): string => `http://127.0.0.1:${port}`;

const settingsOf = ({ folder }: ComponentPlace): string => join(folder, 'prometheus.json');

/** The text of a configuration file: JSON, which is YAML. Source: Prometheus documentation, "Configuration". */
function serverSettings({ targets, rules = [], scrapeSeconds = 15, alertmanagers = [] }: Scraping): string {
  const interval = `${scrapeSeconds}s`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rules,
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
    scrape_configs: [{ job_name: 'parley', static_configs: [{ targets }] }],
  });
}
