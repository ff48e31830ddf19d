import { context, createContextKey, ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { Delivery, MessageBus } from '@parley/bus';
import type { Message } from '@parley/contracts';
import { traceparentFrom, within } from './trace-context.ts';
import { isTracing, spanning, startSpan } from './tracing.ts';

/** The handler of messages, for the names in spans. */
export interface Handling {
  readonly service: string;
  /** `messaging.system`: what carries the messages. */
  readonly system: string | undefined;
}

/** Context that silences the SDK and its instrumentations. Source: @opentelemetry/core, trace/suppress-tracing.ts. */
const silence = ROOT_CONTEXT.setValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true);

/** A client's sending without its instrumentation's spans: kafkajs' would put each message of a batch in a trace of its own. */
export function untraced(bus: MessageBus): Pick<MessageBus, 'publish' | 'broadcast'> {
  return {
    publish: (topic, messages) => context.with(silence, () => bus.publish(topic, messages)),
    broadcast: (topic, message) => context.with(silence, () => bus.broadcast(topic, message)),
  };
}

/**
 * Runs `work` with a span for each message, which is the child of its sending. `work` is given the traceparents that what
 * follows from them is caused by, in the same order.
 * Source: OpenTelemetry semantic conventions 1.45, messaging spans.
 */
export async function traceDeliveries<T>(
  { service, system }: Handling,
  deliveries: readonly Delivery[],
  work: (causes: readonly (string | undefined)[]) => Promise<T>,
): Promise<T> {
  if (!isTracing()) return work(deliveries.map(({ message }) => message.traceparent));
  const spans = deliveries.map(({ message, topic, partition, offset }) =>
    startSpan(`process ${topic}`, {
      kind: SpanKind.CONSUMER,
      parent: message.traceparent,
      attributes: {
        ...attributesOf('process', topic, message, service, system),
        'messaging.consumer.group.name': service,
        'messaging.destination.partition.id': String(partition),
        'messaging.kafka.offset': system === 'kafka' ? Number(offset) : undefined,
      },
    }),
  );
  const causes = spans.map((span) => traceparentFrom(span.spanContext()));
  // Of many none is the one: what serves them all links to them.
  const only = spans.length === 1 ? spans[0] : undefined;
  return spanning(spans, () => within(only, () => work(causes)));
}

/** Hands messages to a bus, each with a span of its own that is the parent of whatever its readers do. */
export async function traceSend(
  { service, system }: Handling,
  topic: string,
  messages: readonly Message[],
  publish: (messages: readonly Message[]) => Promise<void>,
): Promise<void> {
  if (!isTracing()) return publish(messages);
  const spans = messages.map((message) =>
    startSpan(`send ${topic}`, {
      kind: SpanKind.PRODUCER,
      parent: message.traceparent,
      attributes: attributesOf('send', topic, message, service, system),
    }),
  );
  const sent = messages.map((message, i) => {
    const context = spans[i]?.spanContext();
    return context === undefined ? message : { ...message, traceparent: traceparentFrom(context) };
  });
  return spanning(spans, () => publish(sent));
}

function attributesOf(
  operation: 'process' | 'send',
  topic: string,
  message: Message,
  service: string,
  system: string | undefined,
) {
  return {
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'messaging.system': system,
    'messaging.destination.name': topic,
    'messaging.message.id': message.id,
    'parley.service': service,
    'parley.message.type': message.type,
    'parley.subject': message.subject,
  };
}
