/** The dashboard file asks for metrics that exist. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../src/http/server.ts';
import { openServices, type Services } from '../support/services.ts';

let services: Services;
beforeAll(async () => {
  services = await openServices();
});
afterAll(() => services.close());

test('every panel of the Grafana dashboard asks for a metric that /metrics names', async () => {
  const { panels } = JSON.parse(
    readFileSync(new URL('../../deploy/grafana/broadsheet.json', import.meta.url), 'utf8'),
  ) as { panels: { title: string; targets: { expr: string }[] }[] };
  const metrics = await (await (await createApp(services)).request('/metrics')).text();
  const named = new Set(
    [...metrics.matchAll(/^# TYPE (\S+) (\w+)/gm)].flatMap(([, name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!],
    ),
  );
  const asked = panels.flatMap(panel =>
    panel.targets.flatMap(({ expr }) => [...expr.matchAll(/broadsheet_\w+/g)].map(([name]) => name)),
  );
  expect(asked.length).toBeGreaterThan(15);
  expect(asked.filter(name => !named.has(name))).toEqual([]);
});
