import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { until } from '@parley/testkit';

export interface RunningAlertmanager {
  /** host:port, as Prometheus wants it. */
  readonly address: string;
  stop(): Promise<void>;
}

/** A real Alertmanager on loopback, alone, with its data and log in `folder`. Resolves when it is ready. */
export async function startAlertmanager(
  program: string,
  configFile: string,
  folder: string,
  port: number,
): Promise<RunningAlertmanager> {
  const address = `127.0.0.1:${port}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.path=${join(folder, 'alertmanager')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
  ];
  const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-2_000);
    });
  const ended = once(child, 'exit');
  const answers = () =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  const isThere = async () => child.exitCode !== null || (await answers());
  await until('Alertmanager is ready', isThere, 60_000);
  if (child.exitCode !== null) throw new Error(`Alertmanager has ended: ${log}`);
  return {
    address,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What a webhook of Alertmanager is sent, as far as it is read here. Source: Alertmanager, "webhook_config". */
export interface Notification {
  readonly status: 'firing' | 'resolved';
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface Webhook {
  readonly url: string;
  readonly received: readonly Notification[];
  close(): void;
}

/** Somebody on duty: keeps what it is sent. */
export async function openWebhook(): Promise<Webhook> {
  const received: Notification[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part;
    received.push(JSON.parse(text) as Notification);
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, received, close: () => void server.close() };
}
