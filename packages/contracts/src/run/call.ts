import { z } from 'zod';

/**
 * What a second execution of a tool does: nothing but cost (`read`), nothing where the other side knows the key
 * (`idempotent`), harm (`once`).
 */
export const effectClasses = ['read', 'idempotent', 'once'] as const;
export const effectClassSchema = z.enum(effectClasses);
export type EffectClass = z.infer<typeof effectClassSchema>;

const tool = z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/, 'letters, digits, dot, dash and underscore');
export const argumentsSchema = z.record(z.string(), z.unknown());
export type Arguments = z.infer<typeof argumentsSchema>;

/** A call that may be made, by the tool's own word; `approval` and `once` are the tool's or the operator's. */
const possibleCall = z.object({
  tool,
  args: argumentsSchema,
  argsHash: z.string().describe('SHA-256 of the arguments in canonical form: what a person approved.'),
  effectClass: effectClassSchema,
  needsApproval: z.boolean().describe('A person has to say yes before it is made.'),
});
/** A call that asks a person for words instead of calling a tool. */
const askingCall = z.object({ tool, args: argumentsSchema, argsHash: z.string(), asks: z.string() });
/** A call that is not made, whatever a person says. */
const refusedCall = z.object({
  tool: z.string().max(200),
  code: z.enum(['UNKNOWN_TOOL', 'BAD_ARGUMENTS']),
  reason: z.string(),
});

export const proposedCallSchema = z.union([possibleCall, askingCall, refusedCall]);
export type ProposedCall = z.infer<typeof proposedCallSchema>;
export type PossibleCall = z.infer<typeof possibleCall>;
export type AskingCall = z.infer<typeof askingCall>;
export type RefusedCall = z.infer<typeof refusedCall>;

export const callId = z
  .string()
  .regex(/^\d+\.\d+$/)
  .describe('Number of the thought, and of the call in it from 1: ids of model servers are not kept.');
