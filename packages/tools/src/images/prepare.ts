import { runCommand } from '../command.ts';
import { type BuilderOptions, findBuilder, whyNotStarted } from './find-builder.ts';
import { areStandIns, ensureBases } from './stand-in.ts';
import { unavailable } from './unavailable.ts';

export interface ImagesInfo {
  /** Such as "buildah 1.28.2". */
  readonly builder: string;
  readonly hasStandIns: boolean;
}

/**
 * Gets all that images are built and started with, bases included.
 * @throws ParleyError IMAGES_UNAVAILABLE
 */
export async function prepareImages(home: string, options: BuilderOptions = {}): Promise<ImagesInfo> {
  const builder = await findBuilder(home, options);
  const why = await whyNotStarted(builder);
  if (why !== undefined) throw unavailable(why);
  await ensureBases(builder, options.say ?? (() => {}));
  const version = /\d+(\.\d+)+/.exec((await runCommand(builder.name, ['--version'])).output)?.[0] ?? '';
  return { builder: `${builder.name} ${version}`.trim(), hasStandIns: await areStandIns(builder) };
}
