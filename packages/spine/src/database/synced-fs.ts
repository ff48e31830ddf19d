import { fdatasyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What is used of emscripten's NODEFS. */
interface HostFs {
  readonly stream_ops: object;
  /** Turns Node's errors into the errno that Postgres reads; any other throw would pass through it unnoticed. */
  tryFSOperation<T>(work: () => T): T;
}

export interface SyncedFsOptions {
  /** Called when Postgres has ended itself: the instance must not be touched again. */
  onAbort?(): void;
  /** Makes a file's bytes safe; throws Node's errors. */
  sync?(fd: number): void;
}

/**
 * PGlite starts Postgres with fsync off, and its NodeFS has no fsync at all: a power cut may lose commits. This
 * gives it one. (kill -9 is harmless either way: the page cache outlives the process.)
 */
export class SyncedFS extends NodeFS {
  readonly #options: SyncedFsOptions;

  constructor(dataDir: string, options: SyncedFsOptions = {}) {
    super(dataDir);
    this.#options = options;
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { onAbort = () => {}, sync = fdatasyncSync } = this.#options;
    const made = await super.init(...args);
    const give = (mod: { FS: object }): void => {
      const { NODEFS } = (mod.FS as { filesystems: { NODEFS: HostFs } }).filesystems;
      const fsync = ({ nfd }: { nfd: number }): number => {
        NODEFS.tryFSOperation(() => sync(nfd));
        return 0;
      };
      Object.assign(NODEFS.stream_ops, { fsync });
    };
    const { preRun } = made.emscriptenOpts;
    made.emscriptenOpts.preRun = [...(Array.isArray(preRun) ? preRun : preRun ? [preRun] : []), give];
    made.emscriptenOpts.onAbort = onAbort;
    return made;
  }
}

/**
 * Emscripten's fdatasync() does nothing; its fsync() reaches the file system, so WAL must be synced by that. The report
 * on a recovery's progress is a timer that outlives a recovery that fails, and with it 100 MB of WASM memory.
 * The operating system caches the files anyway: buffers of 32 MB instead of 128 save 100 MB of memory.
 */
export const syncedStart = [
  ...PGlite.defaultStartParams.filter((p) => p !== '-F'),
  ...['-c', 'wal_sync_method=fsync', '-c', 'log_startup_progress_interval=0', '-c', 'shared_buffers=32MB'],
];
