import type { ServiceName } from '@parley/contracts';

/** Services that debates need. */
export const debateServices = ['gateway', 'moderator', 'debater-a', 'debater-b'] as const satisfies ServiceName[];

/** Services whose death interrupts work; the gateway only shows it. */
export const agents = debateServices.filter((service) => service !== 'gateway');
