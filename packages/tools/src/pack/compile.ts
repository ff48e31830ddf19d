import { isBuiltin } from 'node:module';
import { rolldown } from 'rolldown';
import { root } from './workspaces.ts';

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
