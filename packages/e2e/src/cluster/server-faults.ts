import { setTimeout as wait } from 'node:timers/promises';
import { kafkaNode, postgresKill9, postgresRestart } from '@parley/tools';
import { pick } from '../random.ts';
import type { Fault } from './fault.ts';

/** Sessions are ended, everything committed is on disk. */
export const postgresFast: Fault = {
  name: 'Postgres restart -m fast',
  async inject({ name }) {
    await postgresRestart({ name });
    return { count: 1 };
  },
};

/** What `-m immediate` does, without asking. */
export const postgresKilled: Fault = {
  name: 'Postgres kill -9, restart',
  async inject({ name }) {
    await postgresKill9({ name });
    await postgresRestart({ name });
    return { count: 1 };
  },
};

export const brokerKilled: Fault = {
  name: 'Kafka broker kill -9, restart',
  async inject({ name, brokers, random }) {
    const node = 1 + Math.floor(random() * brokers.length);
    await kafkaNode(node, 'kill9', { name });
    await kafkaNode(node, 'start', { name });
    return { count: 1 };
  },
};

/** For clusters of three: the others go on without it, and have it back in the end. */
export const brokerLost: Fault = {
  name: 'Kafka: one broker of three away for 15 s',
  async inject({ name, brokers, random }) {
    const node = pick(
      random,
      brokers.map((_, i) => i + 1),
    );
    await kafkaNode(node, 'kill9', { name });
    await wait(15_000);
    await kafkaNode(node, 'start', { name });
    return { count: 1 };
  },
};

const cuts = 10;

/** The connection breaks after COMMIT was sent and before its answer. */
export const commitCut: Fault = {
  name: 'connection cut at COMMIT',
  async inject({ proxy }) {
    await proxy.cutCommits(cuts);
    return { count: cuts };
  },
};

/** Those who send die with what they have in hand, while nobody takes it from them. */
export const sendersKilled: Fault = {
  name: 'agents killed while Kafka is away',
  async inject({ name, cluster, brokers }) {
    for (const node of brokers.keys()) await kafkaNode(node + 1, 'kill9', { name });
    // Long enough for every debate to have something on its way.
    await wait(4_000);
    const agents = cluster.replicas.filter(({ service }) => service !== 'gateway');
    for (const agent of agents) agent.signal('SIGKILL');
    for (const node of brokers.keys()) await kafkaNode(node + 1, 'start', { name });
    return { count: 1, kills: agents.length };
  },
};
