// A throw-away real Kafka on loopback: `npm run kafka -- up`.
import { parseArgs } from 'node:util';
import { type KafkaNodeAction, kafkaDown, kafkaNode, kafkaStatus, kafkaUp, nodeActions } from './kafka/cluster.ts';
import { componentFlags, portFlag, runProgram, sayOnStderr } from './program.ts';

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

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...componentFlags, brokers: { type: 'string' } },
  });
  const options = values.name === undefined ? {} : { name: values.name };
  // The controllers take ports above it.
  const port = portFlag(values.port, 65_499);
  const { brokers: count } = values;
  if (count !== undefined && count !== '1' && count !== '3') {
    console.error(`--brokers is "${count}", expected 1 or 3.`);
    return 2;
  }
  const [command = 'help', node, action] = values.help ? ['help'] : positionals;
  switch (command) {
    case 'up': {
      const chosen = {
        ...(port === undefined ? {} : { port }),
        ...(count === undefined ? {} : { brokers: count === '3' ? (3 as const) : (1 as const) }),
      };
      console.log((await kafkaUp({ ...options, ...chosen, say: sayOnStderr })).brokers);
      return 0;
    }
    case 'down':
      await kafkaDown({ ...options, isPurged: values.purge ?? false });
      return 0;
    case 'node':
      if (!nodeActions.includes(action as KafkaNodeAction)) break;
      await kafkaNode(Number(node), action as KafkaNodeAction, options);
      return 0;
    case 'status':
    case 'url': {
      const known = await kafkaStatus(options);
      const isUp = known?.nodes.every(({ isServing }) => isServing) ?? false;
      if (known === undefined || (command === 'url' && !isUp)) {
        console.error('down');
        return 3;
      }
      if (command === 'url') console.log(known.brokers);
      else console.log(`Kafka ${known.version} (${known.source})\nurl: ${known.brokers}`);
      for (const each of command === 'status' ? known.nodes : []) {
        const state = each.isServing ? 'up' : each.pid === undefined ? 'down' : 'silent';
        console.log(`broker ${each.node}: ${state}, ${each.address}, pid ${each.pid ?? '-'}, log ${each.logFile}`);
      }
      return isUp ? 0 : 3;
    }
  }
  console.error(usage);
  return values.help ? 0 : 2;
}

await runProgram(main);
