import { fdatasyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Fsync = (stream: { nfd: number }) => number;

/**
 * PGlite starts Postgres with fsync off, and its NodeFS has no fsync at all: a power cut may lose commits. This
 * gives it one. (kill -9 is harmless either way: the page cache outlives the process.)
 */
export class SyncedFS extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(...args);
    const fsync: Fsync = ({ nfd }) => {
      fdatasyncSync(nfd);
      return 0;
    };
    const give = (mod: { FS: object }): void => {
      const { NODEFS } = (mod.FS as { filesystems: Record<string, { stream_ops: object }> }).filesystems;
      Object.assign(NODEFS?.stream_ops ?? {}, { fsync });
    };
    const { preRun } = made.emscriptenOpts;
    made.emscriptenOpts.preRun = [...(Array.isArray(preRun) ? preRun : preRun ? [preRun] : []), give];
    return made;
  }
}

/** Emscripten's fdatasync() does nothing; its fsync() reaches the file system, so WAL must be synced by that. */
export const syncedStart = [...PGlite.defaultStartParams.filter((p) => p !== '-F'), '-c', 'wal_sync_method=fsync'];
