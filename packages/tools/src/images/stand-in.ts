import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../command.ts';
import { onPath } from '../installed-programs.ts';
import type { Say } from '../progress.ts';
import { type ImageBuilder, unavailable } from './image-builder.ts';

/** The bases of `docker/service.Dockerfile`, by their names in full. */
export const buildBase = 'docker.io/library/node:24-trixie-slim';
export const runBase = 'gcr.io/distroless/nodejs24-debian13:nonroot';
const suite = 'trixie';

/**
 * Gets both bases. Where no registry can be reached buildah makes stand-ins of Debian's packages and the Node that
 * runs this, under the same names in its own store, so that the Dockerfile that is built is the one that users build.
 * @throws ParleyError IMAGES_UNAVAILABLE: neither can be had.
 */
export async function ensureBases(builder: ImageBuilder, say: Say): Promise<void> {
  for (const [image, make] of [
    [buildBase, makeBuildBase],
    [runBase, makeRunBase],
  ] as const) {
    if ((await builder.has(image)) || (await builder.pull(image))) continue;
    if (builder.name === 'docker') throw unusable(`${image} cannot be pulled.`);
    say(
      `NOT THE REAL BASE: ${image} cannot be pulled. Making a stand-in of Debian ${suite} and Node ${process.version} …`,
    );
    const folder = await mkdtemp(join(tmpdir(), 'parley-base-'));
    try {
      await make(builder, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** The real one says which Node it has. */
export async function areStandIns(builder: ImageBuilder): Promise<boolean> {
  return !(await builder.config(buildBase)).env.some((setting) => setting.startsWith('NODE_VERSION='));
}

/** Debian's smallest system, Node, npm, and the authorities that this machine trusts. */
async function makeBuildBase(builder: ImageBuilder, folder: string): Promise<void> {
  if (onPath('debootstrap').length === 0) throw unusable('A stand-in needs debootstrap: apt-get install debootstrap.');
  const root = join(folder, 'root');
  const made = await runCommand('debootstrap', ['--variant=minbase', '--include=ca-certificates', suite, root]);
  if (made.code !== 0) throw unusable(`debootstrap ended with ${made.code}: ${made.output.trim().slice(-500)}`);
  for (const waste of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale', 'dev']) {
    await rm(join(root, waste), { recursive: true, force: true });
  }
  const npm = await npmFolder();
  await cp(process.execPath, join(root, 'usr/local/bin/node'));
  await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  for (const name of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, 'usr/local/bin', name));
  }
  const authorities = 'etc/ssl/certs/ca-certificates.crt';
  if (existsSync(`/${authorities}`)) await cp(`/${authorities}`, join(root, authorities));
  const text = `FROM scratch\nCOPY root /\nENV NODE_EXTRA_CA_CERTS=/${authorities}\nCMD ["node"]\n`;
  await buildText(builder, folder, text, buildBase);
}

/** Node and the libraries that it loads: no shell, no package manager, no root. */
async function makeRunBase(builder: ImageBuilder, folder: string): Promise<void> {
  const text = `FROM ${buildBase} AS all
RUN mkdir -p /out/nodejs/bin /out/tmp /out/etc /out/home/nonroot && chmod 1777 /out/tmp \\
  && cp /usr/local/bin/node /out/nodejs/bin/ \\
  && for file in $(ldd /usr/local/bin/node | grep -o '/lib[^ ]*') /lib/$(uname -m)-linux-gnu/libnss_dns.so.2 \\
    /lib/$(uname -m)-linux-gnu/libnss_files.so.2 /lib/$(uname -m)-linux-gnu/libresolv.so.2 \\
    /etc/ssl/certs/ca-certificates.crt; do cp -L --parents "$file" /out; done \\
  && echo 'root:x:0:0:root:/root:/sbin/nologin' > /out/etc/passwd \\
  && echo 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin' >> /out/etc/passwd \\
  && printf 'root:x:0:\\nnonroot:x:65532:\\n' > /out/etc/group \\
  && echo 'hosts: files dns' > /out/etc/nsswitch.conf
FROM scratch
COPY --from=all /out /
ENV PATH=/usr/local/bin:/usr/bin:/bin:/nodejs/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532:65532
WORKDIR /home/nonroot
ENTRYPOINT ["/nodejs/bin/node"]
`;
  await buildText(builder, folder, text, runBase);
}

async function buildText(builder: ImageBuilder, context: string, text: string, image: string): Promise<void> {
  const file = join(context, 'Dockerfile');
  await mkdir(context, { recursive: true });
  await writeFile(file, text);
  await builder.build({ image, file, context, isOneOff: true });
}

/** Where the npm on PATH is; node_modules/.bin may hide it behind a Node that brings none. */
async function npmFolder(): Promise<string> {
  for (const found of onPath('npm')) {
    const folder = dirname(dirname(await realpath(found)));
    if (existsSync(join(folder, 'bin', 'npm-cli.js'))) return folder;
  }
  throw unusable('A stand-in needs npm, and it is not on PATH.');
}

function unusable(why: string) {
  return unavailable(`${why} Reach a registry, or name other bases in the Dockerfile.`);
}
