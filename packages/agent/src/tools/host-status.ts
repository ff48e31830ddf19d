import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { z } from 'zod';
import { tool } from '../tool.ts';

const megabyte = 1_048_576;

/** How busy the machine of the service is. Source: DB-GPT, agents introduction, "get host CPU status". */
export const hostStatus = tool({
  name: 'host_status',
  description: 'Tells how busy the processors and the memory of this host are.',
  input: z.strictObject({}),
  effect: 'read',
  run: () => ({
    processors: cpus().length,
    /** Runnable processes on average over 1, 5 and 15 minutes. */
    load: loadavg().map((value) => Number(value.toFixed(2))),
    freeMegabytes: Math.round(freemem() / megabyte),
    totalMegabytes: Math.round(totalmem() / megabyte),
  }),
});
