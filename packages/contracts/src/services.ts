/** Every deployed service, by the name of its deployment. */
export const serviceNames = ['gateway', 'moderator', 'debater-a', 'debater-b', 'agent'] as const;
export type ServiceName = (typeof serviceNames)[number];
