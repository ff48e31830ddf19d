import { type ServiceName, serviceNames } from '@parley/contracts';

/** Services whose death interrupts work; the gateway only shows it. */
export const agents = serviceNames.filter((service) => service !== 'gateway');

/** Services that debates need: the campaigns start no others. */
export const debateServices: readonly ServiceName[] = ['gateway', 'moderator', 'debater-a', 'debater-b'];
export const debateAgents = debateServices.filter((service) => service !== 'gateway');
