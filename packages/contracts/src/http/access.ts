import { z } from 'zod';
import { probeTenant } from '../audience.ts';
import { tenantSchema } from '../message.ts';

/** What a credential allows, each with all before it: to look, to change, to give access and see who did what. */
export const scopes = ['read', 'write', 'admin'] as const;
export const scopeSchema = z.enum(scopes);
export type Scope = z.infer<typeof scopeSchema>;

/** A tenant that a credential may be for. */
export const callingTenant = tenantSchema.refine((name) => name !== probeTenant, {
  message: `"${probeTenant}" is the name under which Parley looks after itself; name another tenant`,
});

/** The caller of a request, known before any route of a user sees it. */
export interface Caller {
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Name within the tenant, for the audit log: `key:ID`, `jwt:SUB`, or `anonymous` where no key is asked for. */
  readonly subject: string;
}

const keyName = z
  .string()
  .min(1)
  .max(100)
  .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), { message: 'expected one line of text' })
  .describe('Who or what it is for.');

export const createKeyBody = z.strictObject({
  name: keyName,
  scopes: z.array(scopeSchema).min(1).max(scopes.length),
  expiresInDays: z.int().min(1).max(3_650).optional().describe('Without it the key is good until it is revoked.'),
});
export type CreateKeyBody = z.infer<typeof createKeyBody>;

export const rotateKeyBody = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * 24 * 60 * 60)
    .optional()
    .describe('How long the old key goes on beside the new one; a day if it is left out.'),
});

export const keyView = z.object({
  id: z.uuid(),
  tenant: tenantSchema,
  name: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type KeyView = z.infer<typeof keyView>;

export const newKeyView = keyView.extend({ key: z.string().describe('The key itself. It is shown this once.') });
export type NewKeyView = z.infer<typeof newKeyView>;
export const keyPage = z.object({ keys: z.array(keyView) });
