// Run by path: node initdb.ts FOLDER. Makes an empty cluster there.
import { PGlite } from '@electric-sql/pglite';
import { SyncedFS, syncedStart } from './synced-fs.ts';

const db = await PGlite.create({ fs: new SyncedFS(process.argv[2] ?? ''), startParams: syncedStart });
await db.close();
