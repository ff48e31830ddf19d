/** Tenant of the debates that Parley holds to see whether it works. No caller can be this tenant. */
export const probeTenant = 'parley-probe';

/** Purposes of work: for users, or to see whether it would work for them. */
export const audiences = ['product', 'probe'] as const;
export type Audience = (typeof audiences)[number];

/** @param tenant the default one if undefined */
export function audienceOf(tenant: string | undefined): Audience {
  return tenant === probeTenant ? 'probe' : 'product';
}
