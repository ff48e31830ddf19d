import { readJson } from '@parley/contracts/bounded-body.ts';
import { ParleyError } from '@parley/contracts/error.ts';
import { z } from 'zod';
import { gatewayUrlOf, withRemedy } from '../command-line/client.ts';
import { columns } from '../command-line/columns.ts';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { askHealth } from './gateway-health.ts';

/** What is read of an agent card. Source: A2A 1.0, §4.4.1. */
const cardSchema = z.object({
  name: z.string(),
  description: z.string(),
  supportedInterfaces: z.array(z.object({ url: z.string() })),
  skills: z.array(z.object({ id: z.string() })),
});
/** What is read of a card. */
const cardBounds = { bytes: 1_000_000, ms: 10_000 } as const;
const cardPath = '/.well-known/agent-card.json';

/** `parley agents`: who may be asked, by the cards that the gateway shows, and whether it is ready. */
export async function agentsCommand(call: Call): Promise<number> {
  const url = gatewayUrlOf(call.env);
  call.terminal.status(`Asking ${url} …`);
  const health = await askHealth(url).catch((thrown) => {
    throw withRemedy(thrown, call.self);
  });
  const platform = await cardAt(new URL(cardPath, url));
  // The first skill is the platform itself, whose card this is.
  const others = platform.skills.slice(1).map(({ id }) => cardAt(new URL(`/a2a/${id}${cardPath}`, url)));
  const cards = [platform, ...(await Promise.all(others))];
  call.terminal.status(undefined);
  const agents = cards.map(({ name, description, supportedInterfaces, skills }) => ({
    id: skills[0]?.id ?? '',
    name,
    does: description,
    url: supportedInterfaces[0]?.url ?? '',
  }));
  const { isReady, parts } = health;
  call.print({ url, isReady, agents, parts }, () =>
    [
      columns([['agent', 'address', 'does'], ...agents.map(({ id, url: at, does }) => [id, at, does])]),
      '',
      `${url} is ${isReady ? 'ready' : 'NOT ready'}:`,
      columns(parts.map((part) => ['', part.isReady ? '+' : '-', part.name, part.detail])),
    ].join('\n'),
  );
  return isReady ? exitCodes.ok.code : exitCodes.failed.code;
}

/** @throws ParleyError GATEWAY_UNREACHABLE: what answers there shows no card */
async function cardAt(url: URL): Promise<z.infer<typeof cardSchema>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(cardBounds.ms) });
  const card = cardSchema.safeParse(await readJson(response.body, cardBounds).catch(() => undefined));
  if (card.success) return card.data;
  throw new ParleyError('GATEWAY_UNREACHABLE', `There is no agent card at ${url.href}: it answers ${response.status}.`);
}
