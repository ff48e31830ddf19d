import { execFile } from 'node:child_process';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Env } from '@parley/runtime';
import type { Check } from './finding.ts';

interface Program {
  readonly component: string;
  /** Any of them will do: the program, and what makes it say its version. */
  readonly any: readonly (readonly [string, ...string[]])[];
  readonly needed: string;
  /** What installs it on Debian and its kin, and on macOS. */
  readonly linux: string;
  readonly mac: string;
  isGood?(version: string): boolean;
}

const programs: readonly Program[] = [
  {
    component: 'Java',
    any: [['java', '-version']],
    needed: '17 or newer, for "npm run kafka" and "npm run cluster"',
    linux: 'sudo apt-get install openjdk-17-jre-headless',
    mac: 'brew install openjdk@17',
    // openjdk version "17.0.15" 2025-04-15; Java 8 says "1.8.0".
    isGood: (version) => Number(/version "(\d+)/.exec(version)?.[1] ?? 0) >= 17,
  },
  {
    component: 'Maven',
    any: [['mvn', '-version']],
    needed: 'to fetch Kafka for "npm run kafka"; KAFKA_HOME does instead',
    linux: 'sudo apt-get install maven',
    mac: 'brew install maven',
  },
  {
    component: 'container engine',
    any: [
      ['docker', 'info', '--format', 'Docker {{.ServerVersion}}'],
      ['podman', 'version', '--format', 'Podman {{.Client.Version}}'],
    ],
    needed: 'for docker/compose.yaml',
    linux: 'sudo apt-get install podman',
    mac: 'brew install podman',
  },
  {
    component: 'image builder',
    any: [
      ['docker', 'info', '--format', 'Docker {{.ServerVersion}}'],
      ['buildah', '--version'],
    ],
    needed: 'for "npm run images", and the tests that start what it builds',
    linux: 'sudo apt-get install buildah runc catatonit debootstrap',
    mac: 'brew install --cask docker',
  },
  {
    component: 'Chromium',
    any: [
      ['chromium-headless-shell', '--version', '--no-sandbox'],
      ['chromium', '--version', '--no-sandbox'],
      ['google-chrome', '--version', '--no-sandbox'],
    ],
    needed: 'for the tests of the console (CHROMIUM_PATH)',
    linux: 'sudo apt-get install chromium',
    mac: 'brew install --cask chromium',
  },
  {
    component: 'Helm',
    any: [['helm', 'version', '--short']],
    needed: 'to install the chart on Kubernetes',
    linux: 'sudo snap install helm --classic',
    mac: 'brew install helm',
  },
  {
    component: 'kubectl',
    any: [['kubectl', 'version', '--client=true']],
    needed: 'to apply k8s/overlays',
    linux: 'sudo apt-get install kubernetes-client',
    mac: 'brew install kubectl',
  },
];
const timeoutMs = 10_000;

/** Programs that only work on the project, and its running elsewhere, need: a machine without them is well. */
export function programChecks(env: Env, platform: NodeJS.Platform): Check[] {
  return programs.map(({ component, any, needed, linux, mac, isGood = () => true }) => ({
    component,
    needed,
    remedy: platform === 'darwin' ? mac : linux,
    async look() {
      const own =
        component === 'Chromium' && env.CHROMIUM_PATH ? [[env.CHROMIUM_PATH, '--version', '--no-sandbox']] : [];
      for (const [program = '', ...args] of [...own, ...any]) {
        const version = await versionOf(program, args, env);
        if (version !== undefined) return { status: isGood(version) ? 'ok' : 'optional', found: version } as const;
      }
      return { status: 'optional', found: `no ${[...new Set(any.map(([program]) => program))].join(', ')} that runs` };
    },
  }));
}

/** The first line that it says of itself; undefined where it does not run. */
async function versionOf(program: string, args: readonly string[], env: Env): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env: { ...env }, timeout: timeoutMs });
    return stripVTControlCharacters(`${stdout}${stderr}`).trim().split('\n')[0]?.trim();
  } catch {
    // Why it does not run makes no difference: it is not of use here.
    return undefined;
  }
}
