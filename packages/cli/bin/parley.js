#!/usr/bin/env node
// The published program's first file: plain JavaScript that also a Node can read which is too old for the rest.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
const [needed, found] = [engines.node, process.versions.node].map((text) => text.match(/\d+/g).map(Number));
const isOld = found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1]);

if (isOld) {
  console.error(
    `Parley needs Node.js ${needed.join('.')} or newer; this is ${process.version}. Install the newest from https://nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  // What Node says of its own parts, such as node:sqlite, is nothing that a user could mend.
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (rest[0] !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
  };
  await import('../src/main.js');
}
