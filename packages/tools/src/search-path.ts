import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const exe = process.platform === 'win32' ? '.exe' : '';

/** Where PATH has a program, in its order. */
export function onPath(program: string): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program + exe)).filter(existsSync);
}
