import { defaultTenant, type Message } from '@parley/contracts';

/** A message of this service; what is undefined is left out. */
export function envelope(fields: {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly data: unknown;
  readonly sequence?: number;
  readonly deadline?: string | undefined;
  readonly tokensleft?: number | undefined;
  readonly tenant: string;
  readonly traceparent: string | undefined;
}): Message {
  const { sequence, deadline, tokensleft, tenant, traceparent, ...message } = fields;
  return {
    ...message,
    ...(sequence === undefined ? {} : { sequence }),
    ...(deadline === undefined ? {} : { deadline }),
    ...(tokensleft === undefined ? {} : { tokensleft }),
    ...(tenant === defaultTenant ? {} : { tenant }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Appends to the topic's messages. */
export function post(outbox: Map<string, Message[]>, topic: string, message: Message): void {
  const list = outbox.get(topic);
  if (list === undefined) outbox.set(topic, [message]);
  else list.push(message);
}
