import { randomBytes } from 'node:crypto';
import { v5, v7 } from 'uuid';

/** A new id for what begins here. Sorts by time. Source: RFC 9562 §5.7 (UUIDv7). */
export function newId(): string {
  return v7();
}

/** Namespace of Parley's own, drawn once. */
const namespace = 'f2a0c5c4-2b0e-4d0b-9a53-6f1d1c6a7e15';

/** The same id for the same name, everywhere and always. Source: RFC 9562 §5.5 (UUIDv5). */
export function idOf(name: string): string {
  return v5(name, namespace);
}

/** Letters nobody could foresee: marks quoted material in prompts. */
export function newNonce(): string {
  return randomBytes(9).toString('base64url');
}

/** What nobody can guess: 256 random bits, for a credential. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
