import { z } from 'zod';
import { streamParkedV1 } from '../spine/stream-parked.v1.ts';

export const parkedView = streamParkedV1.data.extend({
  id: z.uuid().describe('Of this setting aside; the same stream has another one next time.'),
  at: z.iso.datetime(),
  askedAt: z.iso.datetime().nullable().describe('When its service was last asked to give it another try.'),
});
export type ParkedView = z.infer<typeof parkedView>;
export const parkedPage = z.object({ parked: z.array(parkedView) });
export type ParkedPage = z.infer<typeof parkedPage>;

export const unparkBody = z.strictObject({});
export const unparkView = z.object({
  id: z.uuid(),
  service: z.string(),
  stream: z.string(),
  askedAt: z.iso.datetime(),
});
