import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A new id for what begins here. Sorts by time. Source: RFC 9562 §5.7 (UUIDv7). */
export function newId(): string {
  return v7();
}

/** Letters nobody could foresee: marks quoted material in prompts. */
export function newNonce(): string {
  return randomBytes(9).toString('base64url');
}

/** What nobody can guess: 256 random bits, for a credential. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
