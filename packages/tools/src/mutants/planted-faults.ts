import type { PlantedFault } from './planted-fault.ts';

type Short = Omit<PlantedFault, 'workspace' | 'suite' | 'database' | 'file'>;

/** Faults of one file that one suite must notice. */
function of(
  file: string,
  [workspace, suite, database = 'none']: readonly [string, string, PlantedFault['database']?],
  faults: readonly Short[],
): PlantedFault[] {
  return faults.map((fault) => ({ ...fault, file, workspace, suite, database }));
}

const fault = (id: string, text: string, replacement: string): Short => ({ id, text, replacement });

/** Bounded on purpose: one or two for each promise that the product makes. */
export const plantedFaults: readonly PlantedFault[] = [
  ...of(
    'packages/spine/src/tick/batch.ts',
    ['packages/spine', 'test/batch.test.ts'],
    [
      fault(
        'a-stream-of-another-tenant',
        '(input.tenant ?? defaultTenant) !== tenant ? wrongTenant',
        "(input.tenant ?? defaultTenant) === '' ? wrongTenant",
      ),
      fault('a-gap-in-the-numbers', '        version += 1;\n', '        version += 2;\n'),
      fault('a-message-without-its-number', '          sequence: version,\n', '          sequence: version + 1,\n'),
      fault('a-refusal-that-is-not-counted', '        refused.push(decision.code);\n', ''),
      fault(
        'effects-of-a-finished-stream',
        '  if (isFinished) {\n    if (row?.status',
        '  if (isFinished && effects.length === 0) {\n    if (row?.status',
      ),
    ],
  ),
  ...of(
    'packages/spine/src/outbox/outbox-rows.ts',
    ['packages/spine', 'test/outbox-rows.test.ts'],
    [
      fault(
        'an-outbox-row-beyond-its-page',
        'if (size + bytes > rowBytes) close(i);',
        'if (size > rowBytes) close(i);',
      ),
      fault('an-outbox-that-loses-its-last-row', '  close(messages.length);\n', ''),
    ],
  ),
  ...of(
    'packages/spine/src/tick/stream-cache.ts',
    ['packages/spine', 'test/stream-cache.test.ts'],
    [
      fault('a-clock-that-jumped-is-trusted', 'return isSteady && passed', 'return passed'),
      fault('an-old-clock-is-trusted', ' && passed <= clock.maxAgeMs ?', ' ?'),
    ],
  ),
  ...of(
    'packages/spine/src/database/pg-errors.ts',
    ['packages/spine', 'test/pg-errors.test.ts'],
    [
      fault('a-statement-timeout-is-for-good', '/^(08|40|53|57|58)...$|', '/^(08|40|53|58)...$|'),
      fault('a-lock-timeout-is-for-good', '25P03|55P03)$/', '25P03)$/'),
    ],
  ),
  ...of(
    'services/gateway/src/domain/access.ts',
    ['services/gateway', 'src/domain/access.test.ts'],
    [fault('a-reader-may-write', 'return scopes.slice(scopes.indexOf(needed))', 'return scopes.slice(0)')],
  ),
  ...of(
    'services/gateway/src/protocols/needed-scope.ts',
    ['services/gateway', 'src/protocols/needed-scope.test.ts'],
    [
      fault('a-tool-that-changes-needs-read-alone', "(tools.get(String(params?.name)) ?? 'write')", "'read'"),
      fault(
        'a-message-needs-read-alone',
        "has(String(body?.method)) ? 'read' : 'write'",
        "has(String(body?.method)) ? 'read' : 'read'",
      ),
    ],
  ),
  ...of(
    'services/gateway/src/api/mount.ts',
    ['services/gateway', 'test/access.int.test.ts', 'embedded'],
    [fault('a-route-needs-nothing', '  demand(response, route.needs);\n', '')],
  ),
  ...of(
    'services/gateway/src/domain/audit-chain.ts',
    ['services/gateway', 'src/domain/audit-chain.test.ts'],
    [
      fault('an-edited-audit-row', 'if (hash(sealed(before, { tenant, entry })) !== kept)', 'if (kept === undefined)'),
      fault('a-missing-audit-row', 'if (row.seq !== seq) return', 'if (row.seq < seq) return'),
      fault('an-audit-row-of-another-tenant', 'JSON.stringify([before, tenant, seq,', 'JSON.stringify([before, seq,'),
    ],
  ),
  ...of(
    'services/gateway/src/domain/push.ts',
    ['services/gateway', 'src/domain/push.test.ts'],
    [
      fault('a-push-that-is-never-given-up', 'failures >= mostFailures ? undefined', 'failures < 0 ? undefined'),
      fault('a-push-that-waits-for-ever', 'Math.min(longestSeconds, 2 ** (failures - 1))', '2 ** (failures - 1)'),
    ],
  ),
  ...of(
    'services/gateway/src/domain/degradation.ts',
    ['services/gateway', 'src/domain/degradation.test.ts'],
    [
      fault('a-budget-that-is-full-lowers', '.filter(({ budgetLeft, budgetBelow }) => budgetLeft < budgetBelow)', ''),
      fault(
        'more-rounds-than-asked-for',
        'rule.maxRounds !== undefined && rule.maxRounds < maxRounds',
        'rule.maxRounds !== undefined',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/domain/prices.ts',
    ['services/gateway', 'src/domain/prices.test.ts'],
    [
      fault('an-unknown-price-is-nought', 'if (unpricedOf(prices, spent).length > 0) return null;', ''),
      fault(
        'output-at-the-price-of-input',
        'outputTokens * price.outputPerMillion',
        'outputTokens * price.inputPerMillion',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/domain/spending.ts',
    ['services/gateway', 'src/domain/spending.test.ts'],
    [
      fault('a-withdrawn-turn-costs-nothing', '...looks, ...lost]', '...looks]'),
      fault(
        'votes-are-counted-twice',
        '      parts.reduce((rest, part) => rest - part[of], sum[of]),',
        '      sum[of],',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/out/public-address.ts',
    ['services/gateway', 'src/out/public-address.test.ts'],
    [
      fault('the-metadata-service-is-public', "  '169.254.0.0/16',\n", ''),
      fault('a-name-with-one-inner-address', '.find(({ address }) => !isPublic(address))', '.find(() => false)'),
    ],
  ),
  ...of(
    'services/gateway/src/out/decode-text.ts',
    ['services/gateway', 'src/out/decode-text.test.ts'],
    [
      fault('bytes-become-replacement-characters', '{ fatal: true }', '{}'),
      fault('http-beats-the-byte-order-mark', 'if (marked !== undefined) return decoded(body, marked);', ''),
    ],
  ),
  ...of(
    'packages/contracts/src/plain-text.ts',
    ['packages/contracts', 'src/debate/start-debate.v1.test.ts'],
    [
      fault('an-override-is-taken', '\\u202a-\\u202e\\u2066-\\u206f', '\\u2066-\\u206f'),
      fault('emoji-fall-apart', '(?<![\\p{L}\\p{M}\\p{N}\\p{S}\\p{P}])(?:', '(?:'),
    ],
  ),
  ...of(
    'packages/runtime/src/logger.ts',
    ['packages/runtime', 'test/environment.test.ts'],
    [fault('a-password-in-the-log', "'cookie', 'password', ", "'cookie', ")],
  ),
  ...of(
    'packages/runtime/src/problem.ts',
    ['packages/runtime', 'test/problem.test.ts'],
    [
      fault('a-driver-s-words-for-everybody', 'detail: status === 500 ? wrong : status', 'detail: status'),
      fault('a-nul-reaches-the-database', "value.isWellFormed() && !value.includes('\\0')", 'value.isWellFormed()'),
    ],
  ),
  ...of(
    'packages/runtime/src/problem.ts',
    ['packages/runtime', 'test/body-encoding.test.ts'],
    [fault('a-body-with-holes', "if (encoding !== 'utf-8' || isUtf8(body)) return;", 'return;')],
  ),
  ...of(
    'packages/runtime/src/health.ts',
    ['packages/runtime', 'test/web.test.ts'],
    [
      fault(
        'ready-although-a-check-fails',
        "found.every(({ mark }) => mark !== '-')",
        "found.some(({ mark }) => mark !== '-')",
      ),
    ],
  ),
  ...of(
    'packages/sdk/src/request.ts',
    ['packages/sdk', 'test/request.test.ts'],
    [
      fault(
        'a-new-key-for-each-attempt',
        "const key = method === 'POST' ? { 'idempotency-key': call.idempotencyKey ?? newKey() } : {};",
        'const key = {};',
      ),
      fault('a-503-is-for-good', 'new Set([429, 502, 503, 504])', 'new Set([429, 502, 504])'),
    ],
  ),
  ...of(
    'packages/slo/src/budget.ts',
    ['packages/slo', 'src/budget.test.ts'],
    [
      fault('a-budget-that-never-runs-out', 'return exact(1 - burnRate(slo, error));', 'return exact(1 - error);'),
      fault(
        'nothing-happened-is-perfect',
        'return total > 0 ? bad / total : undefined;',
        'return total > 0 ? bad / total : 0;',
      ),
    ],
  ),
  ...of(
    'services/moderator/src/domain/stop.ts',
    ['services/moderator', 'src/domain/stop.test.ts'],
    [
      fault(
        'a-deadline-that-does-not-stop',
        'holds: (s) => s.at >= s.deadlineAt',
        'holds: (s) => s.at > s.deadlineAt + 60_000',
      ),
      fault(
        'a-token-budget-that-is-never-spent',
        's.tokenBudget !== undefined && s.tokens >= s.tokenBudget',
        's.tokenBudget !== undefined && s.tokens > 2 * s.tokenBudget',
      ),
      fault('a-debate-ends-before-its-rounds', 's.round >= rounds(s) && condition(s)', 'condition(s)'),
    ],
  ),
  ...of(
    'packages/bus/src/memory/cursor.ts',
    ['packages/bus', 'test/memory-bus.test.ts'],
    [fault('a-publish-is-acknowledged-too-early', '      if (until > this.committed) break;\n', '')],
  ),
  ...of(
    'services/debater/src/domain/reservation.ts',
    ['services/debater', 'src/domain/reservation.test.ts'],
    [
      fault(
        'a-turn-beyond-the-token-budget',
        'Math.min(maxTokens, tokensLeft - promptTokens)',
        'Math.min(maxTokens, tokensLeft)',
      ),
      fault('a-turn-too-short-to-say-anything', 'return affordable >= fewest', 'return affordable > 0'),
    ],
  ),
  ...of(
    'packages/spine/src/tick/write-parts.ts',
    ['packages/spine', 'test/fence.int.test.ts', 'embedded'],
    [
      fault('the-fence-without-the-attempt', 'e.key = x.key and e.started = x.started\n', 'e.key = x.key\n'),
      fault(
        'the-fence-without-the-owner',
        "and e.lease_owner = $${p(4)} and e.state = 'running'",
        "and $${p(4)}::text is not null and e.state = 'running'",
      ),
      fault(
        'the-fence-without-the-state',
        "and e.lease_owner = $${p(4)} and e.state = 'running'",
        'and e.lease_owner = $${p(4)}',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/access/tenant.ts',
    ['services/gateway', 'test/tenant-scope.int.test.ts', 'embedded'],
    [
      fault(
        'reads-for-every-tenant',
        'await Promise.all([actFor(tx, tenant), tx.finish',
        'await Promise.all([actFor(tx, everyTenant), tx.finish',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/streams/command.ts',
    ['services/gateway', 'test/tenant-scope.int.test.ts', 'embedded'],
    [
      fault(
        'commands-for-every-tenant',
        '    const answer = await deps.db.transaction(async (tx) => {\n      await actFor(tx, tenant);',
        "    const answer = await deps.db.transaction(async (tx) => {\n      await actFor(tx, '*');",
      ),
    ],
  ),
  ...of(
    'services/gateway/src/streams/event-store.ts',
    ['services/gateway', 'test/tenant-scope.int.test.ts', 'embedded'],
    [
      fault(
        'events-without-their-tenant',
        ' and ${ofTenant(4)} order by seq limit $3`,\n        [stream, seq, limit, tenant],',
        ' order by seq limit $3`,\n        [stream, seq, limit],',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/streams/projection.ts',
    ['services/gateway', 'test/first-seen.int.test.ts', 'embedded'],
    [
      fault(
        'a-first-seen-debate-is-everybody-s',
        'kind: place.kind, tenant: message.tenant ?? defaultTenant };',
        'kind: place.kind, tenant: defaultTenant };',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/streams/stream-store.ts',
    ['services/gateway', 'test/tenants.int.test.ts', 'embedded'],
    [
      fault(
        'a-debate-of-another-tenant-is-found',
        'where id = $1 and kind = $2 and tenant = $3`',
        'where id = $1 and kind = $2 and $3::text is not null`',
      ),
    ],
  ),
  ...of(
    'services/gateway/src/streams/idempotency-store.ts',
    ['services/gateway', 'test/commands.int.test.ts', 'embedded'],
    [
      fault(
        'a-key-with-another-body',
        'if (known.body_hash !== hashOf(body)) {',
        'if (known.body_hash === undefined) {',
      ),
      fault('a-key-is-never-known', 'if (known === undefined) return undefined;', 'return undefined;'),
    ],
  ),
  ...of(
    'packages/spine/src/database/grant.ts',
    ['packages/spine', 'test/grant.int.test.ts', 'postgres'],
    [fault('grants-without-a-second-try', 'const attempts = 10;', 'const attempts = 1;')],
  ),
  ...of(
    'packages/spine/src/database/postgres-client.ts',
    ['packages/tools', 'test/failover.int.test.ts', 'postgres'],
    [fault('a-connection-outlives-a-failover', 'return this.#hasFailed || this.isReadOnly;', 'return false;')],
  ),
  ...of(
    'packages/spine/src/tick/write-check.ts',
    ['packages/spine', 'test/write-check.int.test.ts', 'postgres'],
    [fault('a-read-only-server-is-ready', "if (row?.is_read_only) throw refusing('read-only');", '')],
  ),
];
