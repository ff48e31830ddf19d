import { isParleyError } from '@parley/contracts';
import { type Env, readEnv } from '@parley/runtime';
import { clientEnv, gatewayUrlOf, openClient, startOf } from '../command-line/client.ts';
import { askHealth } from '../running/gateway-health.ts';
import type { Check, Outcome } from './finding.ts';
import { clock } from './servers.ts';

/** The gateway that the commands talk to. */
export function gatewayChecks(environment: Env, self: string): Check[] {
  return [
    {
      component: 'gateway',
      needed: 'one that is ready (PARLEY_URL)',
      remedy: startOf(self),
      look: () => lookAtGateway(environment, self),
    },
  ];
}

async function lookAtGateway(environment: Env, self: string): Promise<Outcome | Outcome[]> {
  const url = gatewayUrlOf(environment);
  const health = await askHealth(url).catch((thrown) => {
    // Nobody said that there is one.
    if (isParleyError(thrown) && readEnv(clientEnv, environment).PARLEY_URL === undefined) return thrown;
    throw thrown;
  });
  if (isParleyError(health)) return { status: 'optional', found: health.message };
  const { isReady, parts, aheadMs } = health;
  const lacks = parts.filter((part) => !part.isReady).map(({ name, detail }) => `${name}: ${detail}`);
  // Where all services are one process, it knows the model, and what its server refuses.
  const model = parts.find(({ name }) => name === 'model');
  const about = model === undefined ? '' : `; ${model.detail}`;
  const found = isReady ? `${url} is ready${about}` : `${url} is not ready: ${lacks.join('; ')}`;
  return [
    { status: isReady ? 'ok' : 'missing', found, remedy: `curl '${new URL('/readyz?verbose', url)}'` },
    await lookAtAccess(environment, self),
    ...(aheadMs === undefined ? [] : [clock("gateway's", aheadMs)]),
  ];
}

async function lookAtAccess(environment: Env, self: string): Promise<Outcome> {
  const access = { component: 'access', needed: 'a key that it takes (PARLEY_API_KEY)' };
  try {
    await openClient(environment, { attempts: 1 }).debates.list({ limit: 1 });
    return { ...access, found: 'it lets this caller look' };
  } catch (thrown) {
    if (!isParleyError(thrown)) throw thrown;
    const remedy = `export PARLEY_API_KEY=$(${self.replace('npm run', 'npm run --silent')} keys create --name me --scope read write)`;
    return { ...access, status: 'missing', found: thrown.message, remedy };
  }
}
