import type { ServiceName } from '@parley/contracts';
import type { Side } from '@parley/contracts/debate';
import type { ServiceSchema } from '@parley/spine';

/** One image, deployed twice. */
export const debaterOf = {
  pro: { service: 'debater-a', schema: 'debater_a' },
  con: { service: 'debater-b', schema: 'debater_b' },
} as const satisfies Record<Side, ServiceSchema & { service: ServiceName }>;
