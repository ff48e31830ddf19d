// A process that meets every fault of the odd model server at the address in its first argument, all side by side, and
// prints how many calls it made and the most memory it took.
import { oddHabits } from '@parley/testkit';
import { openFaultClient, roles, runFault, wires } from './fault-calls.ts';

const client = openFaultClient(process.argv[2] ?? '');
const calls = [...oddHabits.keys()].flatMap((habit) =>
  wires.flatMap((wire) => roles.map((role) => runFault(client, role, [`${wire}/${habit}@${role}`]))),
);
await Promise.all(calls);
const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ calls: calls.length, peakMegabytes }));
