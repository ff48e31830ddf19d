import { expect, test } from '@jest/globals';
import { served } from './served.ts';

test.each([
  ['Latin-1', Buffer.from('{"topic": "caf\xe9"}', 'latin1'), 400],
  [
    'half a character at the end',
    Buffer.concat([Buffer.from('{"topic": "'), Buffer.from([0xe8, 0x8c]), Buffer.from('"}')]),
    400,
  ],
  ['an overlong NUL', Buffer.concat([Buffer.from('{"topic": "'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]), 400],
  ['UTF-8', Buffer.from('{"topic": "café 茶"}'), 200],
])('A JSON body in %s is taken as it is, or refused; no byte is replaced', async (_, body, status) => {
  const { url } = await served((router) => router.post('/echo', (request, response) => response.json(request.body)));
  const response = await fetch(`${url}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(status);
  const answer = await response.json();
  if (status === 200) expect(answer).toEqual({ topic: 'café 茶' });
  else {
    expect(answer).toMatchObject({
      code: 'BAD_REQUEST',
      detail: 'The body has bytes that are not UTF-8. Send JSON in UTF-8.',
    });
  }
});
