import type { Caller } from '@parley/contracts/http';
import type { Database } from '@parley/spine';
import type { Identified, Identify } from '../domain/access.ts';
import { type ApiKeyStore, keyPrefix, readKey } from './api-key-store.ts';
import { everyTenant, onBehalfOf } from './tenant.ts';

export interface IdentifyDeps {
  readonly db: Database;
  readonly apiKeys: ApiKeyStore;
  /** Reads a token of an identity provider; without it only API keys are taken. */
  readonly readJwt?: Identify | undefined;
}

/** Channel on which replicas hear that a key has changed. */
export const keysChannel = 'parley/gateway/keys';
/** Time for which a key is taken for good without looking again, where no word of a change comes through. */
const knownMs = 5_000;
const mostKnown = 10_000;

/** Finds the caller of a bearer token, and forgets a key at once when its channel says that it has changed. */
export function createIdentify({ db, apiKeys, readJwt }: IdentifyDeps): {
  identify: Identify;
  /** A key has changed, here: a process does not hear its own word. */
  forget(id: string): void;
  stop(): void;
} {
  const known = new Map<string, { readonly caller: Caller; readonly until: number; readonly id: string }>();
  const forget = (id: string): void => {
    if (id === '') known.clear();
    else for (const [key, one] of known) if (one.id === id) known.delete(key);
  };

  async function identifyKey(key: string): Promise<Identified> {
    const cached = known.get(key);
    if (cached !== undefined && cached.until > performance.now()) return { ok: true, caller: cached.caller };
    const parts = readKey(key);
    const found = parts && (await apiKeys.verify(onBehalfOf(db, everyTenant), parts.id, parts.secret));
    if (found === undefined) return { ok: false, reason: 'This API key is not known.' };
    const { id, tenant, state } = found;
    const subject = `key:${id}`;
    if (state !== 'good') return { ok: false, reason: `This API key is ${state}.`, tenant, subject };
    const caller: Caller = { tenant, subject, scopes: new Set(found.scopes) };
    if (known.size >= mostKnown) known.clear();
    known.set(key, { caller, id, until: performance.now() + knownMs });
    return { ok: true, caller };
  }

  const stopListening = db.signals.listen(keysChannel, forget);
  return {
    async identify(token) {
      if (token.startsWith(keyPrefix)) return identifyKey(token);
      return (
        readJwt?.(token) ?? { ok: false, reason: 'This is no API key of Parley, and no identity provider is set.' }
      );
    },
    forget,
    stop: stopListening,
  };
}
