import { serviceNames } from '@parley/contracts';

/** Services whose death interrupts work; the gateway only shows it. */
export const agents = serviceNames.filter((service) => service !== 'gateway');
