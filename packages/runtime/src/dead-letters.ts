import type { BatchHandler, Delivery, MessageBus, RawRecord, RecordPlace } from '@parley/bus';
import { deadLetterTopic, defaultTenant, isParleyError, messageOf, tenantSchema } from '@parley/contracts';
import type { Logger } from './logger.ts';
import { traceSend } from './message-spans.ts';

/** Escaped twice, a character is at most 12 bytes: what is kept fits into a message. */
const maxOriginalCharacters = 65_536;
const maxReasonCharacters = 2_000;

export interface DeadLettersOptions {
  readonly bus: MessageBus;
  readonly group: string;
  readonly logger: Logger;
  /** Something of this topic has been set aside. */
  onLetter?(topic: string): void;
}

/** Buries what a group will never be able to read, so that what lies behind it is read. */
export function createDeadLetters({ bus, group, logger, onLetter }: DeadLettersOptions) {
  async function bury(
    { topic, partition, offset }: RecordPlace,
    original: unknown,
    why: string,
    tenant: string | undefined,
    traceparent?: string,
  ): Promise<void> {
    // As text: an original that a message just holds would not fit into another one.
    const whole = JSON.stringify(original);
    const isCut = whole.length > maxOriginalCharacters;
    const reason = `${why.slice(0, maxReasonCharacters)}${isCut ? '; what is kept of it is cut' : ''}`;
    const place = { group, topic, partition, offset };
    logger.error({ ...place, reason }, 'A message is dead-lettered.');
    onLetter?.(topic);
    const letter = {
      id: `dead/${group}/${topic}/${partition}/${offset}`,
      type: 'dead-letter.v1',
      source: group,
      subject: `${topic}/${partition}`,
      time: new Date().toISOString(),
      reason,
      // Also the default one: without it nobody could tell whose a letter is whose original was cut.
      ...(tenant === undefined ? {} : { tenant }),
      data: { reason, ...place, original: whole.slice(0, maxOriginalCharacters) },
      ...(traceparent === undefined ? {} : { traceparent }),
    };
    const to = deadLetterTopic(topic);
    await traceSend({ service: group, system: bus.system }, to, [letter], (letters) => bus.publish(to, letters));
  }

  const message = ({ message, ...place }: Delivery, reason: string, traceparent?: string) =>
    bury(place, message, reason, message.tenant ?? defaultTenant, traceparent);

  return {
    message,
    /** Handler for `onInvalid` of a subscription. */
    record: (place: RecordPlace, raw: RawRecord, reason: string) =>
      bury(place, raw, reason, tenantSchema.safeParse(raw.headers.ce_tenant ?? defaultTenant).data),
    /** Halves a batch that is refused for good until what is refused stands alone, and buries that. */
    sparing(handler: BatchHandler): BatchHandler {
      const handle: BatchHandler = async (batch) => {
        try {
          await handler(batch);
        } catch (thrown) {
          if (isParleyError(thrown) && thrown.retryable) throw thrown;
          const [only] = batch;
          if (batch.length <= 1) return only && message(only, messageOf(thrown));
          const middle = batch.length >> 1;
          await handle(batch.slice(0, middle));
          await handle(batch.slice(middle));
        }
      };
      return handle;
    },
  };
}
export type DeadLetters = ReturnType<typeof createDeadLetters>;
