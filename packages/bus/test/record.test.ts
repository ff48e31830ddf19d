import { expect, test } from '@jest/globals';
import { toKafka } from '@parley/contracts';
import type { KafkaMessage } from 'kafkajs';
import { readRecord, toRecord } from '../src/kafka/record.ts';
import { messageOf } from './reader.ts';

function received(value: Buffer | null, headers: KafkaMessage['headers'] = {}): KafkaMessage {
  return { key: Buffer.from('s'), value, headers, timestamp: '0', attributes: 0, offset: '0' } as KafkaMessage;
}

test('a message comes back as it went', () => {
  const message = { ...messageOf('ä', 1), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const { headers = {}, value, bytes } = toRecord(message);
  const bytesOf = Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))]);
  expect(readRecord(received(Buffer.from(String(value)), Object.fromEntries(bytesOf)))).toEqual({ ok: true, message });
  expect(bytes).toBeGreaterThan(Buffer.byteLength(String(value)) + 100);
});

test('no header is undefined', () => {
  const headers = Object.values(toRecord({ ...messageOf('s', 1), traceparent: undefined }).headers ?? {});
  expect(headers).not.toContain(undefined);
  expect(headers.length).toBeGreaterThan(5);
});

test('a header that is there twice counts once', () => {
  const { headers } = toKafka(messageOf('s', 1));
  const twice = { ...headers, ce_type: [Buffer.from('noted.v1'), Buffer.from('other.v1')] };
  expect(readRecord(received(Buffer.from('{}'), twice))).toMatchObject({ ok: true, message: { type: 'noted.v1' } });
});

test('what is refused fits into a message, however large it was', () => {
  const noise = Buffer.alloc(700_000, 1);
  const headers = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`h${i}`, noise]));
  const read = readRecord({ ...received(noise, headers), key: noise });
  expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(/; what is kept of it is cut$/) });
  expect(Buffer.byteLength(JSON.stringify(read))).toBeLessThan(1_000_000);
});
