#!/usr/bin/env node
// What `npm run ollama` needs of Ollama's program, without its models. The suite that uses it runs on the real one too.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const { HOME, OLLAMA_HOST, OLLAMA_MODELS } = process.env;
if (process.argv[2] === '--version') {
  console.log('Warning: could not connect to a running Ollama instance\nWarning: client version is 0.0.0-fake');
  process.exit(0);
}

mkdirSync(join(HOME, '.ollama'), { recursive: true });
const blobs = join(OLLAMA_MODELS, 'blobs');
mkdirSync(blobs, { recursive: true });
const list = join(OLLAMA_MODELS, 'list.json');
const models = existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];

const server = createServer(async (request, response) => {
  const reply = (status, value) => response.writeHead(status).end(value === undefined ? '' : JSON.stringify(value));
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const [, , action, digest] = request.url.split('/');
  if (action === 'version') return reply(200, { version: '0.0.0-fake' });
  if (action === 'tags') return reply(200, { models: models.map((name) => ({ name: `${name}:latest` })) });
  if (action === 'blobs') {
    const file = join(blobs, digest.replace(':', '-'));
    if (request.method === 'HEAD') return reply(existsSync(file) ? 200 : 404);
    const isThat = `sha256:${createHash('sha256').update(body).digest('hex')}` === digest;
    if (isThat) writeFileSync(file, body);
    return isThat ? reply(201) : reply(400, { error: 'digest does not match' });
  }
  const { model, files } = JSON.parse(body.toString());
  const isGguf = Object.values(files).every((each) =>
    readFileSync(join(blobs, each.replace(':', '-')), 'latin1').startsWith('GGUF'),
  );
  response.writeHead(200).write('{"status":"parsing GGUF"}\n');
  if (!isGguf) return response.end('{"error":"supplied file was not in GGUF format"}\n');
  models.push(model);
  writeFileSync(list, JSON.stringify(models));
  response.end('{"status":"success"}\n');
});
const [host, port] = OLLAMA_HOST.split(':');
server.listen(Number(port), host);
process.on('SIGTERM', () => process.exit(0));
