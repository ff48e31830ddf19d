// The product with one of its promises taken away, to see that the checker notices: PARLEY_CONTROL names which.
import { up } from '@parley/cli/running/up.ts';
import { unsafe } from './unsafe-database.ts';

const dataDir = process.argv[process.argv.indexOf('--data-dir') + 1] ?? '';
process.exitCode = await up({ debate: false, port: 0, dataDir }, process.env, unsafe);
