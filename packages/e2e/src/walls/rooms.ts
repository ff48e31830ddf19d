import { dirname, join } from 'node:path/posix';
import type { Layers } from './layers.ts';
import { isTest, placeOf, type Repository } from './repository.ts';

/** Files of a service that wire its rooms; no room imports them. */
const compositions = ['app.ts', 'main.ts'];

/**
 * Imports that cross a wall between the rooms of a service, each as a sentence. A domain imports the contracts and
 * itself; the other rooms import the domain, not each other, or the rooms below them where a service orders its rooms. Tests may look into every room.
 */
export function roomFaults({ imports }: Pick<Repository, 'imports'>, layers: Layers): string[] {
  const { openRooms } = layers;
  const faults: string[] = [];
  const used = new Set<string>();
  for (const { file, name, kind } of imports) {
    const [, , source, room = ''] = file.split('/');
    if (!placeOf(file).startsWith('services/') || source !== 'src' || isTest(file)) continue;
    const rooms = roomsIn(placeOf(file), layers);
    const mayImport = rooms[room];
    if (mayImport === undefined || name === undefined || kind === 'file') continue;
    if (!name.startsWith('.')) {
      const isPure = room !== 'domain' || /^@parley\/contracts(\/[a-z]+)?$/.test(name);
      if (!isPure) faults.push(`${file} imports ${name}: a domain imports @parley/contracts and itself.`);
      continue;
    }
    const [kindOfPlace, service, , target = ''] = join(dirname(file), name).split('/');
    const place = placeOf(file);
    // The layers refuse what is elsewhere.
    if (`${kindOfPlace}/${service}` !== place || target === room || mayImport.includes(target)) continue;
    if (openRooms[place]?.[room]?.includes(target)) {
      used.add(`${place} ${room} ${target}`);
      continue;
    }
    if (target in rooms || compositions.includes(target) || room === 'domain') {
      faults.push(`${file} imports ${name}: of its service "${room}" imports ${listOf([room, ...mayImport])}.`);
    }
  }
  for (const [place, open] of Object.entries(openRooms)) {
    for (const [room, targets] of Object.entries(open)) {
      for (const target of targets) {
        if (used.has(`${place} ${room} ${target}`)) continue;
        faults.push(
          `${place}: "${room}" imports "${target}" no more; take it out of openRooms in scripts/layers.json.`,
        );
      }
    }
  }
  return [...new Set(faults)];
}

const listOf = (rooms: readonly string[]): string => rooms.map((room) => `"${room}"`).join(' and ');

/** Rooms of a service, each with those that it imports. */
function roomsIn(place: string, { rooms, roomsOf }: Layers): Readonly<Record<string, readonly string[]>> {
  const ordered = roomsOf[place];
  if (ordered === undefined) return rooms;
  return Object.fromEntries(ordered.map((room, i) => [room, ordered.slice(0, i)]));
}
