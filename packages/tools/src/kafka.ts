// A throw-away real Kafka on loopback: `npm run kafka -- up`.
import { runFront } from './component/front.ts';
import {
  type KafkaInfo,
  type KafkaNodeAction,
  type KafkaNodeInfo,
  kafka,
  kafkaNode,
  nodeActions,
} from './kafka/cluster.ts';
import { UsageError } from './program.ts';

const usage = `npm run kafka -- <command> [--name NAME]

  up [--brokers 1|3] [--port N]    starts it, making it first, and prints its addresses; it takes port N for the
                                   broker and N + 10 for its controller, with 3 brokers N + 1, N + 2, N + 11, N + 12 too
  down [--purge]                   stops it; --purge throws its data away
  status | url                     what runs; its addresses alone, as KAFKA_BROKERS wants them
  node N kill9|stop|start          loses and regains one broker
  node N pause|resume              a broker that keeps its connections and says nothing

Needs Java 17 or later, and Maven at first use; without them one broker runs as a container where docker or podman answers,
of docker/compose.yaml's image. KAFKA_HOME names an unpacked Kafka to use instead of Maven's;
--name keeps several apart ("main" without it); PARLEY_CACHE_DIR is where everything is kept.`;

await runFront({
  component: kafka,
  usage,
  flags: { brokers: { type: 'string' } },
  // The controllers take ports above it.
  highestPort: 65_499,
  upOptions: ({ brokers }) => {
    if (brokers === undefined) return {};
    if (brokers !== '1' && brokers !== '3') throw new UsageError(`--brokers is "${brokers}", expected 1 or 3.`);
    return brokers === '3' ? { brokers: 3 as const } : { brokers: 1 as const };
  },
  url: ({ brokers }) => brokers,
  about: ({ version, source, brokers, nodes }) =>
    [`Kafka ${version} (${source})`, `url: ${brokers}`, ...nodes.map(aboutNode)].join('\n'),
  isUp: ({ nodes }: KafkaInfo) => nodes.every(({ isServing }) => isServing),
  commands: {
    async node(options, [node, action]) {
      if (!nodeActions.includes(action as KafkaNodeAction)) return false;
      return kafkaNode(Number(node), action as KafkaNodeAction, options);
    },
  },
});

function aboutNode({ node, address, pid, isServing, logFile }: KafkaNodeInfo): string {
  const state = isServing ? 'up' : pid === undefined ? 'down' : 'silent';
  return `broker ${node}: ${state}, ${address}, pid ${pid ?? '-'}, log ${logFile}`;
}
