// node javascript.mjs FOLDER …: every .ts file under them becomes a .js file in its place, line for line. The compiler that
// Node reads TypeScript with is WebAssembly of its own, which a process keeps for as long as it runs.
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/** How a file names another of its package: the quote, and the path but for its extension. */
const besideItself = /(["'])(\.{1,2}\/[^"'\n]*)\.ts\1/g;
/** What a package exports: files, and folders as they are. */
const exported = { file: /("[^"]+": "\.\/[^"]*)\.ts"/g, folder: /("\.\/[^"]*)\*": ("\.\/[^"]*)\*"/g };

for (const folder of process.argv.slice(2)) {
  for (const name of globSync('**/*.ts', { cwd: folder, exclude: ['**/node_modules'] })) {
    const file = join(folder, name);
    const code = stripTypeScriptTypes(readFileSync(file, 'utf8')).replace(besideItself, '$1$2.js$1');
    writeFileSync(file.replace(/\.ts$/, '.js'), code);
    rmSync(file);
  }
  for (const name of globSync('*/package.json', { cwd: folder })) {
    const file = join(folder, name);
    // The names that others import it by end in .ts, and stay.
    const text = readFileSync(file, 'utf8').replace(exported.file, '$1.js"');
    writeFileSync(file, text.replace(exported.folder, '$1*.ts": $2*.js"'));
  }
}
