import { type DeadLetterV1, defaultTenant, type Message, type Revived, revive, topics } from '@parley/contracts';

/** Tenant of a letter, if that can be told. */
export function tenantOfLetter(message: Pick<Message, 'tenant'>, letter: DeadLetterV1): string | undefined {
  if (message.tenant !== undefined) return message.tenant;
  // One of a build that did not say: only a whole message tells.
  const revived = revive(letter);
  return revived.ok ? (revived.message.tenant ?? defaultTenant) : undefined;
}

/** The message to send again. It goes to no topic that Parley does not have, whatever a letter says. */
export function sendable(letter: Pick<DeadLetterV1, 'topic' | 'original'>): Revived {
  const isOurs = Object.values(topics).some(({ name, isDurable }) => isDurable && name === letter.topic);
  if (!isOurs) return { ok: false, reason: `there is no topic ${letter.topic}` };
  return revive(letter);
}
