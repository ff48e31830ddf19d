import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBuilder } from '../images/find-builder.ts';
import type { Place } from './cluster-place.ts';
import { dnsImage, pauseImage } from './node-settings.ts';
import { programFolders } from './program-build.ts';
import { nodeBuilds } from './programs.ts';

/** The two images that a node needs itself: nothing but a program each. */
export async function nodeImages(at: Place): Promise<void> {
  const images = join(at.folder, 'images');
  await mkdir(images, { recursive: true });
  const [, , dns = '', pause = ''] = programFolders(at.home, nodeBuilds);
  for (const [image, folder, program] of [
    [dnsImage, dns, 'coredns'],
    [pauseImage, pause, 'pause'],
  ] as const) {
    const archive = join(images, `${program}.tar`);
    if (existsSync(archive)) continue;
    const builder = await findBuilder(at.home);
    const context = await mkdtemp(join(tmpdir(), 'parley-image-'));
    await copyFile(join(folder, program), join(context, program));
    const text = `FROM scratch\nCOPY ${program} /${program}\nUSER 65534:65534\nENTRYPOINT ["/${program}"]\n`;
    await writeFile(join(context, 'Dockerfile'), text);
    await builder.build({ image, file: join(context, 'Dockerfile'), context });
    await builder.save(image, archive);
    await rm(context, { recursive: true, force: true });
  }
}
