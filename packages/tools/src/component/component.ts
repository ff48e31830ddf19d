import { rm } from 'node:fs/promises';
import { type ErrorCode, ParleyError } from '@parley/contracts';
import type { Say } from '../progress.ts';
import { forgetLock, withLock } from './file-lock.ts';
import { type ComponentOptions, type ComponentPlace, componentPlace, readKept, writeKept } from './place.ts';
import { areRunning, type Server, untilReady } from './server.ts';

/** What every start of a component takes. */
export interface UpOptions extends ComponentOptions {
  /** Progress, a line at a time. */
  readonly say?: Say;
}

export interface DownOptions extends ComponentOptions {
  /** Throws its data away, too. Programs, which its instances share, stay. */
  readonly isPurged?: boolean;
}

/**
 * A real server, or several that belong together, that people and tests start on loopback under a name.
 * `Kept` is what is remembered between two starts; `Info` is what is said of one that runs.
 */
export interface Component<Kept extends object, Options extends UpOptions, Info> {
  /** Its folder in the cache, and its npm command. */
  readonly name: string;
  /** The error of a component that cannot be had. */
  readonly code: ErrorCode;
  readonly startTimeoutMs: number;
  /** How long another call may hold the same instance, such as one that builds its programs. */
  readonly lockTimeoutMs?: number;
  /** True for one whose servers need no orderly end when their data is thrown away. */
  readonly isKilledByPurge?: boolean;
  /** @throws ParleyError CONFIG_INVALID or `code`: what is there already is not what the caller wants. */
  check?(at: ComponentPlace, known: Kept, options: Options): void;
  /**
   * Finds, or makes, all that a start needs: programs, ports, settings, an empty data folder.
   * @param known what the start before remembered
   * @throws ParleyError `code`: it cannot be had here, and what to do
   */
  find(at: ComponentPlace, options: Options, known: Kept | undefined, say: Say): Promise<Kept>;
  /** Its servers, in the order in which they start. */
  servers(at: ComponentPlace, kept: Kept, options?: Options): readonly Server[];
  /** What is left to do once all servers answer, also those that ran before. */
  finish?(at: ComponentPlace, kept: Kept, options: Options, say: Say): Promise<void>;
  /** What is said of it; undefined when it is down. */
  info(at: ComponentPlace, kept: Kept): Promise<Info | undefined>;
}

type Optional<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

/** A component as its users see it. */
export interface ComponentControl<Kept, Options, Info> {
  /**
   * Starts it, getting it first when it is not there, and resolves when it answers. Idempotent: what runs is left as
   * it is.
   * @throws ParleyError the component's code, PORT_IN_USE, CONFIG_INVALID (the name, a wish that it cannot fulfil)
   */
  up(...options: Optional<Options>): Promise<Info>;
  /** Stops it, if it runs. */
  down(options?: DownOptions): Promise<void>;
  /** Undefined when it is down. */
  status(options?: ComponentOptions): Promise<Info | undefined>;
  /** Undefined for what has never been started, or was purged. */
  known(options: ComponentOptions): Promise<{ readonly at: ComponentPlace; readonly kept: Kept } | undefined>;
  /** Runs `work` while nobody else starts or stops this instance. */
  hold<T>(options: ComponentOptions, work: (at: ComponentPlace) => Promise<T>): Promise<T>;
  /** Starts all servers of what is known, and resolves when they answer. The caller holds it. */
  start(at: ComponentPlace, kept: Kept, options?: Options): Promise<Info>;
}

export function createComponent<Kept extends object, Options extends UpOptions, Info>(
  component: Component<Kept, Options, Info>,
): ComponentControl<Kept, Options, Info> {
  const { name, code, startTimeoutMs, lockTimeoutMs: timeoutMs } = component;
  const placeOf = (options: ComponentOptions) => componentPlace(name, options);

  const control: ComponentControl<Kept, Options, Info> = {
    async up(...[given]) {
      const options = given ?? ({} as Options);
      const say = options.say ?? (() => {});
      return control.hold(options, async (at) => {
        const known = await readKept<Kept>(at);
        if (known !== undefined) component.check?.(at, known, options);
        const isRunning = known !== undefined && (await areRunning(component.servers(at, known, options)));
        const kept = isRunning ? known : await component.find(at, options, known, say);
        // Last: what was cut short in its making is made again.
        if (!isRunning) await writeKept(at, kept);
        const info = await control.start(at, kept, options);
        if (component.finish === undefined) return info;
        await component.finish(at, kept, options, say);
        return (await component.info(at, kept)) ?? info;
      });
    },
    async down(options = {}) {
      await control.hold(options, async (at) => {
        const kept = await readKept<Kept>(at);
        const servers = kept === undefined ? [] : component.servers(at, kept);
        const how = options.isPurged && component.isKilledByPurge ? 'SIGKILL' : 'SIGTERM';
        // All at once: a server that ends alone may wait for a majority that the others no longer are.
        await Promise.all(servers.map((server) => server.stop(how)));
        if (!options.isPurged) return;
        for (const server of servers) await server.remove?.();
        await rm(at.folder, { recursive: true, force: true });
      });
      if (options.isPurged) await forgetLock(placeOf(options).lock);
    },
    async status(options = {}) {
      const known = await control.known(options);
      return known && component.info(known.at, known.kept);
    },
    async known(options) {
      const at = placeOf(options);
      const kept = await readKept<Kept>(at);
      return kept && { at, kept };
    },
    async hold(options, work) {
      const at = placeOf(options);
      return withLock(at.lock, () => work(at), { code, ...(timeoutMs !== undefined && { timeoutMs }) });
    },
    async start(at, kept, options) {
      const servers = component.servers(at, kept, options);
      for (const server of servers) await server.start();
      await Promise.all(servers.map((server) => untilReady(server, code, startTimeoutMs)));
      const info = await component.info(at, kept);
      if (info !== undefined) return info;
      const logs = servers.map(({ logFile }) => logFile).join(', ');
      throw new ParleyError(code, `${name} has gone again; its log is ${logs}.`);
    },
  };
  return control;
}
