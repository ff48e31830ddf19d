import * as debate from './debate/context.ts';
import { schemasOf } from './define-message.ts';
import * as run from './run/context.ts';
import * as spine from './spine/context.ts';
import type { StreamKind } from './stream-kind.ts';
import type { Topic } from './topic.ts';

/** Every message type and version, with the schema of its data. */
export const messageTypes = {
  ...schemasOf(debate.messages),
  ...schemasOf(run.messages),
  ...schemasOf(spine.messages),
};
export type MessageType = keyof typeof messageTypes;

/** Every topic there is: brokers, charts and documents are made from or checked against this table. */
export const topics = {
  ...debate.topics,
  ...run.topics,
  ...spine.topics,
} satisfies Record<string, Topic & { readonly messages: readonly MessageType[] }>;
export type TopicName = (typeof topics)[keyof typeof topics]['name'];

/** Every kind of stream that users see. */
export const streamKinds: readonly StreamKind[] = [...debate.kinds, ...run.kinds] satisfies readonly (StreamKind & {
  readonly commands: TopicName;
  readonly last: readonly MessageType[];
})[];
