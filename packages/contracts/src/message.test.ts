import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromKafka, type Message, messageSchema, toKafka } from './message.ts';

const message: Message = {
  id: 'debate/0193e5a0/7',
  type: 'turn-recorded.v1',
  source: 'moderator',
  subject: '0193e5a0',
  time: '2026-01-01T00:00:00.000Z',
  sequence: 7,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { text: 'Tea calms the nerves.' },
};

test('a message in its Kafka form reads like this', () => {
  expect(toKafka(message)).toEqual({
    key: '0193e5a0',
    headers: {
      ce_specversion: '1.0',
      ce_id: 'debate/0193e5a0/7',
      ce_type: 'turn-recorded.v1',
      ce_source: 'moderator',
      ce_subject: '0193e5a0',
      ce_time: '2026-01-01T00:00:00.000Z',
      ce_sequence: '7',
      'content-type': 'application/json',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    value: '{"text":"Tea calms the nerves."}',
  });
});

test('what a message may cost rides in its headers', () => {
  const costly = { ...message, deadline: '2026-01-01T00:10:00.000Z', tokensleft: 1_200 };
  const { headers } = toKafka(costly);
  expect(headers).toMatchObject({ ce_deadline: '2026-01-01T00:10:00.000Z', ce_tokensleft: '1200' });
});

test('what goes to Kafka comes back as it was', () => {
  const word = (maxLength: number) =>
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((s) => s.slice(0, maxLength));
  const time = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  const messages = fc.record(
    {
      id: word(200),
      type: word(100),
      source: word(100),
      subject: word(200),
      time: time.map((date) => date.toISOString()),
      sequence: fc.integer({ min: 1 }),
      deadline: time.map((date) => date.toISOString()),
      tokensleft: fc.nat(),
      traceparent: fc.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/),
      data: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    },
    { requiredKeys: ['id', 'type', 'source', 'subject', 'time', 'data'] },
  );
  fc.assert(
    fc.property(messages, (sent) => {
      const { key, headers, value } = toKafka(sent);
      expect(key).toBe(sent.subject);
      expect(fromKafka({ headers, value })).toEqual({ ok: true, message: sent });
    }),
    { numRuns: 500 },
  );
});

describe('what is no message', () => {
  const form = toKafka(message);
  const withHeaders = (headers: Record<string, string | undefined>) => ({
    ...form,
    headers: { ...form.headers, ...headers },
  });

  test.each<[string, Parameters<typeof fromKafka>[0], RegExp]>([
    ['no CloudEvents version', withHeaders({ ce_specversion: undefined }), /^header ce_specversion is missing/],
    ['another version', withHeaders({ ce_specversion: '0.3' }), /^header ce_specversion is 0.3, expected 1.0/],
    ['a tombstone', { ...form, value: null }, /^value is null/],
    ['no JSON', { ...form, value: '{"text":' }, /^value is not JSON/],
    ['nothing at all', { ...form, value: '' }, /^value is not JSON/],
    ['no id', withHeaders({ ce_id: undefined }), /id/],
    ['an empty subject', withHeaders({ ce_subject: '' }), /subject/],
    ['an id that is too long', withHeaders({ ce_id: 'x'.repeat(201) }), /id/],
    ['a time that is none', withHeaders({ ce_time: 'yesterday' }), /time/],
    ['a sequence that is no number', withHeaders({ ce_sequence: 'seven' }), /sequence/],
    ['a deadline that is no time', withHeaders({ ce_deadline: 'soon' }), /deadline/],
    ['tokens below zero', withHeaders({ ce_tokensleft: '-1' }), /tokensleft/],
    ['a sequence below 1', withHeaders({ ce_sequence: '0' }), /sequence/],
  ])('%s is refused with a reason', (_, bad, reason) => {
    expect(fromKafka(bad)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('never makes the reader throw', () => {
    const headers = fc.dictionary(
      fc.constantFrom('ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_subject', 'ce_time', 'ce_sequence'),
      fc.oneof(fc.string(), fc.constant('1.0'), fc.constant(undefined)),
    );
    fc.assert(
      fc.property(headers, fc.option(fc.string()), (some, value) => {
        const read = fromKafka({ headers: some, value });
        expect(read.ok ? messageSchema.safeParse(read.message).success : read.reason.length > 0).toBe(true);
      }),
    );
  });
});
