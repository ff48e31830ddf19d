import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Role } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import { type BaseEvent, HttpAgent } from '@ag-ui/client';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createParley } from '@parley/sdk';
import { until } from '@parley/testkit';
import OpenAI from 'openai';
import { createApi } from '../src/api.ts';

/** A gateway that serves echoes, and the program of the same build that asks one. */
export interface EchoServer {
  readonly url: string;
  readonly cli: string;
}

interface Echo {
  readonly id: string;
  readonly text: string | null;
}

/** What the tool of an agent answers. */
interface Told {
  readonly id: string;
  readonly status: string;
  readonly artifacts: readonly { readonly text: string }[];
}

const kind = { path: 'echoes', last: ['echoed.v1'] };
const numbered = (text: string): string => {
  const { seq, type, data } = JSON.parse(text);
  return seq === 1 && type === 'echoed.v1' ? data.text : `not the echo: ${text}`;
};

async function start({ url }: EchoServer, text: string): Promise<string> {
  const { status, body } = await createApi(url).post<Echo>('/v1/echoes', { text });
  if (status !== 202) throw new Error(`POST /v1/echoes answered ${status}: ${JSON.stringify(body)}`);
  return body.id;
}

/** Each way to ask for an echo; it resolves to what came back. */
export const faces: Readonly<Record<string, (server: EchoServer, text: string) => Promise<string>>> = {
  async HTTP(server, text) {
    const path = `/v1/echoes/${await start(server, text)}`;
    const view = async () => (await createApi(server.url).json<Echo>(path)).body;
    await until('the echo is heard', async () => (await view()).text !== null);
    return (await view()).text ?? '';
  },

  async SSE(server, text) {
    const response = await fetch(`${server.url}/v1/echoes/${await start(server, text)}/events`);
    const data = [...(await response.text()).matchAll(/^data: (\{.*"seq".*)$/gm)].map(([, line]) => line ?? '');
    return numbered(data.join(' and '));
  },

  async WebSocket(server, text) {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/echoes/${await start(server, text)}/ws`);
    const heard: string[] = [];
    socket.onmessage = ({ data }) => void (String(data).includes('"seq"') && heard.push(String(data)));
    await new Promise((resolve) => (socket.onclose = resolve));
    return numbered(heard.join(' and '));
  },

  async SDK({ url }, text) {
    const { streams } = createParley({ url });
    const { id } = await streams.start(kind, { text });
    const events: string[] = [];
    for await (const event of streams.follow(kind, id)) events.push(JSON.stringify(event));
    return numbered(events.join(' and '));
  },

  async CLI({ url, cli }, text) {
    const args = ['stream', 'start', 'echo', `text=${text}`, '--follow', '-o', 'json'];
    const env = { PATH: process.env.PATH, PARLEY_URL: url };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', cli, ...args],
      { env },
    );
    return numbered(stdout);
  },

  async MCP({ url }, words) {
    const client = new Client({ name: 'a test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
    const call = async (name: string, input: Record<string, string>) =>
      (await client.callTool({ name, arguments: input })).structuredContent;
    // The agent is a tool, and so is the route that says it is one.
    const { id, status, artifacts } = (await call('ask_echo', { words })) as Told;
    const { text } = (await call('get_echo', { id })) as Echo;
    await client.close();
    return status === 'completed' && artifacts[0]?.text === text ? (text ?? '') : `${status}, ${text}`;
  },

  async A2A({ url }, text) {
    const client = await new ClientFactory().createFromUrl(`${url}/a2a/echo/`);
    const part = { content: { $case: 'text' as const, value: text }, metadata: undefined, filename: '', mediaType: '' };
    const ids = { messageId: crypto.randomUUID(), contextId: '', taskId: '' };
    const rest = { metadata: undefined, extensions: [], referenceTaskIds: [] };
    const message = { ...ids, ...rest, role: Role.ROLE_USER, parts: [part] };
    const task = await client.sendMessage({ tenant: '', metadata: undefined, configuration: undefined, message });
    const content = 'artifacts' in task ? task.artifacts[0]?.parts[0]?.content : undefined;
    return content?.$case === 'text' ? content.value : JSON.stringify(task);
  },

  async 'AG-UI'({ url }, text) {
    const agent = new HttpAgent({ url: `${url}/ag-ui`, threadId: 'a thread' });
    agent.messages = [{ id: '1', role: 'user', content: text }];
    const events: BaseEvent[] = [];
    const run = { runId: 'one', forwardedProps: { agent: 'echo' } };
    await agent.runAgent(run, { onEvent: ({ event }) => void events.push(event) });
    return events.map((event) => ('delta' in event ? event.delta : '')).join('');
  },

  async OpenAI({ url }, content) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any' });
    const answer = await client.chat.completions.create({ model: 'echo', messages: [{ role: 'user', content }] });
    return answer.choices[0]?.message.content?.trim() ?? '';
  },
};
