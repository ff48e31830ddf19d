// The services' container images, built for real: `npm run images`.
import { parseArgs } from 'node:util';
import { cacheDir } from './component/place.ts';
import { buildServiceImages, imageServices } from './images/service-images.ts';
import { runProgram, sayOnStderr } from './program.ts';

const usage = `npm run images [-- --service NAME … --version VERSION --save FOLDER | --list]

Builds docker/service.Dockerfile for ${imageServices.join(', ')}, or those that are named, with docker or buildah,
and prints each image with its size. --save writes archives, too, for "npm run kube -- load-image".
buildah makes stand-ins for base images that no registry gives, and says so.
--list builds nothing and prints the names as a JSON array.`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      service: { type: 'string', multiple: true },
      version: { type: 'string' },
      save: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const services = values.service ?? imageServices;
  if (values.help || !services.every((name) => imageServices.includes(name))) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  if (values.list) {
    console.log(JSON.stringify(services));
    return 0;
  }
  const { version, save } = values;
  const built = await buildServiceImages({
    ...{ home: cacheDir(process.env), services, say: sayOnStderr },
    ...(version !== undefined && { version }),
    ...(save !== undefined && { saveTo: save }),
  });
  for (const { image, bytes } of built) console.log(`${image.padEnd(36)} ${(bytes / 1e6).toFixed(0)} MB`);
  return 0;
}

await runProgram(main);
