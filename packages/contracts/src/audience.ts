/** Whose the debates are that Parley holds to see whether it works. Nobody who asks can be this tenant. */
export const probeTenant = 'parley-probe';

/** For whom something is done: for users, or to see whether it would work for them. */
export const audiences = ['product', 'probe'] as const;
export type Audience = (typeof audiences)[number];

/** @param tenant the default one if undefined */
export function audienceOf(tenant: string | undefined): Audience {
  return tenant === probeTenant ? 'probe' : 'product';
}
