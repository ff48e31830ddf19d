import { globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { modules } from '@parley/cli/services.ts';
import { serviceNames } from '@parley/contracts';
import { parseAllDocuments } from 'yaml';
import { type Document, faultsOf, serviceLists } from './manifests/service-lists.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function read(file: string): Document[] {
  return parseAllDocuments(readFileSync(join(root, file), 'utf8'), { merge: true }).map((each) => each.toJS());
}

/** A copy in which a name stands nowhere: neither as a key or value nor inside of one. */
function without(value: Document, name: string): Document {
  const blank = (text: string) => text.replaceAll(name, '');
  if (typeof value === 'string') return blank(value);
  if (Array.isArray(value)) return value.map((each) => without(each, name));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [blank(key), without(each, name)]));
}

test('every service has a module, in the order of the names', () => {
  expect(modules.map(({ name }) => name)).toEqual(serviceNames);
});

test('every folder of services/ is in the list, which nothing else that is shipped goes around', () => {
  expect(new Set(modules.map(({ image }) => image))).toEqual(new Set(readdirSync(join(root, 'services'))));
  const importing = globSync('packages/{cli,runtime,tools}/src/**/*.ts', { cwd: root }).filter((file) =>
    /'@parley\/[a-z-]+\/module\.ts'/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(importing).toEqual(['packages/cli/src/services.ts']);
});

test('no two services share a schema, a port, or an image without what tells them apart', () => {
  const own = modules.map(({ schema, port, image, startEnv }) => [
    schema.schema,
    `port ${port}`,
    `${image} ${JSON.stringify(startEnv)}`,
  ]);
  expect(new Set(own.flat()).size).toBe(own.flat().length);
});

describe.each(serviceLists)('$file, $at:', (list) => {
  test('every service stands there, and nothing else', () => {
    expect(faultsOf(list, read(list.file))).toEqual([]);
  });

  test('the line to add is named for one that is missing', () => {
    for (const name of new Set(list.wanted))
      expect(faultsOf(list, without(read(list.file), name))).toEqual([
        `${list.file}: add to ${list.at}: ${list.entry(name)}`,
      ]);
  });

  test('a name that is no service is found', () => {
    const [first = '', ...others] = list.wanted;
    expect(faultsOf({ ...list, wanted: others }, read(list.file))).toEqual([
      `${list.file}: take out of ${list.at}: ${first}`,
    ]);
  });
});

/** True for a text with the name of every service but one, or with every image: it has to change with the services. */
function listsServices(text: string): boolean {
  const known = serviceNames.filter((name) => text.includes(name));
  return known.length >= serviceNames.length - 1 || modules.every(({ image }) => text.includes(image));
}

test('what else lists the services is made, by "npm run gen" or "npm run render"', () => {
  const files = globSync(['charts/**', 'docker/**', 'k8s/**', '.github/**'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  // JSON has no comments to say so.
  const isMade = (file: string, text: string) => /Made by `npm run/.test(text) || dirname(file).endsWith('/dashboards');
  const listing = files.filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return listsServices(text) && !isMade(file, text);
  });
  expect(new Set(listing)).toEqual(new Set(serviceLists.map(({ file }) => file)));
});
