import { describe } from '@jest/globals';
import { effects } from './contract/effects.ts';
import { inputs } from './contract/inputs.ts';
import { interleavings } from './contract/interleavings.ts';
import { leases } from './contract/leases.ts';
import { outages } from './contract/outages.ts';
import { outbox } from './contract/outbox.ts';
import { parking } from './contract/parking.ts';
import { memory } from './contract/stream-cache.ts';
import { suspects } from './contract/suspects.ts';
import { upkeep } from './contract/upkeep.ts';
import type { DatabaseKind } from './databases.ts';
import { useWorld } from './world.ts';

/** What the spine promises, whichever database it stands on. */
export function spineContract(kind: DatabaseKind): void {
  describe(`the spine on ${kind.name}`, () => {
    const world = useWorld(kind);
    describe('inputs', () => inputs(world));
    describe('effects', () => effects(world));
    describe('leases', () => leases(world));
    describe('suspects', () => suspects(world));
    describe('memory', () => memory(world));
    describe('parking', () => parking(world));
    describe('outages', () => outages(world));
    describe('outbox', () => outbox(world));
    describe('upkeep', () => upkeep(world));
    describe('interleavings', () => interleavings(world));
  });
}
