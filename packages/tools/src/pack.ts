// The npm packages of the program and the client, as they are published: `npm run pack`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packCli, packSdk } from './pack/packages.ts';
import { runProgram } from './program.ts';

const usage = `npm run pack [-- --to FOLDER --repository URL]

Compiles the program and the client to JavaScript and packs each as npm publishes it, into dist/ or FOLDER.
--repository is where the code of this build is, such as https://github.com/OWNER/NAME; provenance needs it.`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { to: { type: 'string' }, repository: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.error(usage);
    return 0;
  }
  const { to = 'dist', repository } = values;
  const options = { to: resolve(to), ...(repository !== undefined && { repository }) };
  for (const pack of [packCli, packSdk]) {
    const { name, file, bytes, unpackedBytes, files } = await pack(options);
    console.log(`${name.padEnd(12)} ${sizeOf(bytes)}, ${sizeOf(unpackedBytes)} installed, ${files} files  ${file}`);
  }
  return 0;
}

const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

await runProgram(main);
