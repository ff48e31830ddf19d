// What an operator's commands do on the gateway's database, without a gateway.
import type { Database } from '@parley/spine';
import { type ApiKeyService, createApiKeyService } from './access/api-key-service.ts';
import { apiKeyStore } from './access/api-key-store.ts';
import { auditStore } from './access/audit-store.ts';
import { keysChannel } from './access/identify.ts';
import { actFor, everyTenant, onBehalfOf } from './access/tenant.ts';
import type { Checked } from './domain/audit-chain.ts';
import { keptAs } from './operating/dead-letter-projection.ts';
import { deadLetterStore } from './operating/dead-letter-store.ts';
import { gatewaySchema } from './schema.ts';

const { schema } = gatewaySchema;

/** The keys of all tenants, for an operator's command on the database: running gateways hear of each change. */
export function openKeyOffice(db: Database): ApiKeyService {
  const stores = { apiKeys: apiKeyStore(schema), audit: auditStore(schema) };
  return createApiKeyService({ db, ...stores, onChanged: (id) => db.signals.tell(keysChannel, id) });
}

/** The audit log of all tenants. */
export function openAudit(db: Database): {
  checkAll(): Promise<{ readonly tenant: string; readonly checked: Checked }[]>;
} {
  const audit = auditStore(schema);
  const all = onBehalfOf(db, everyTenant);
  return {
    async checkAll() {
      const chains = [];
      for (const tenant of await audit.tenants(all)) chains.push({ tenant, checked: await audit.check(all, tenant) });
      return chains;
    },
  };
}

/** For an operator's command that sends dead letters again: what it sends is written down, and shown as sent. */
export function openDeadLetterOffice(db: Database): {
  record(sent: SentLetter): Promise<void>;
} {
  const audit = auditStore(schema);
  const deadLetters = deadLetterStore(schema);
  return {
    record: ({ tenant, subject, letter, original, topic }) =>
      db.transaction(async (tx) => {
        await actFor(tx, everyTenant);
        const about = { action: 'dead-letter.replay', target: letter, outcome: 'ok', detail: topic } as const;
        await audit.add(tx, { tenant, subject, ...about });
        await deadLetters.replayed(tx, everyTenant, keptAs(letter, original));
      }),
  };
}

export interface SentLetter {
  readonly tenant: string;
  /** Who sends it. */
  readonly subject: string;
  /** The letter's id on its topic. */
  readonly letter: string;
  readonly original: string;
  readonly topic: string;
}
