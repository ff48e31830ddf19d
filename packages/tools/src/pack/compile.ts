import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { runCommand } from '../command.ts';
import { root } from './dependencies.ts';

/** A file of JavaScript that was written, by its place in the package. */
export interface Compiled {
  readonly file: string;
  readonly code: string;
}

/**
 * Compiles what the entries reach to JavaScript, file by file in the places of the repository, so that what a file finds
 * beside itself is still there. Packages from npm stay imports; those of this repository become relative ones.
 *
 * @param entries files of the repository, such as packages/cli/src/main.ts
 */
export async function compile(entries: readonly string[], to: string, target: string): Promise<Compiled[]> {
  const build = await rolldown({
    cwd: root,
    input: [...entries],
    platform: 'node',
    transform: { target },
    external: (id) => isBuiltin(id) || !/^(\.|\/|[A-Za-z]:|@parley\/)/.test(id),
  });
  const { output } = await build.write({ dir: to, format: 'esm', preserveModules: true, preserveModulesRoot: root });
  await build.close();
  return output.map((part) => {
    if (part.type === 'asset') throw new Error(`${part.fileName} is no module.`);
    return { file: part.fileName, code: part.code };
  });
}

/** Where `@parley/contracts`, `@parley/contracts/debate` and `@parley/contracts/error.ts` lie in the package. */
const contracts = 'packages/contracts/src';

/**
 * Writes the types of an entry, and of the contracts that it takes them from, beside the compiled files.
 * @returns their texts
 */
export async function writeDeclarations(entry: string, to: string): Promise<string[]> {
  const config = join(to, 'tsconfig.json');
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root, outDir: to },
    typeRoots: [join(root, 'node_modules/@types')],
    // As files of this build: of a package that it finds under node_modules tsc writes no declarations.
    paths: {
      '@parley/contracts': [join(root, contracts, 'index.ts')],
      '@parley/contracts/*': [join(root, contracts, '*'), join(root, contracts, '*/index.ts')],
    },
  };
  const project = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: [join(root, entry)] };
  writeFileSync(config, JSON.stringify(project));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { code, output } = await runCommand(process.execPath, [tsc, '-p', config]);
  rmSync(config);
  if (code !== 0) throw new Error(`The types of ${entry} cannot be written:\n${output}`);
  return globSync('**/*.d.ts', { cwd: to }).map((file) => {
    const text = withOwnPlaces(readFileSync(join(to, file), 'utf8'), file);
    writeFileSync(join(to, file), text);
    return text;
  });
}

/** The imports as they are among the compiled files. */
function withOwnPlaces(text: string, file: string): string {
  return text.replace(/(from |import\()(['"])([^'"]+)\2/g, (whole, before: string, quote: string, path: string) => {
    const [isContracts, rest = ''] = /^@parley\/contracts(?:\/(.*))?$/.exec(path) ?? [];
    if (isContracts === undefined && !path.startsWith('.')) return whole;
    const target = join(contracts, rest.endsWith('.ts') ? rest : join(rest, 'index.ts'));
    const place = isContracts === undefined ? path : relative(dirname(file), target);
    return `${before}${quote}${place.startsWith('.') ? place : `./${place}`}${quote}`.replace(/\.ts(?=['"]$)/, '.js');
  });
}
