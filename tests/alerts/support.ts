/** The watch and the notifier as a worker process has them, and time that passes when a test says so. */
import { type Check, checksOf, type Limits, usualLimits } from '../../src/alerts/checks.ts';
import { Notifier, targetsOf } from '../../src/alerts/notifier.ts';
import { Watch } from '../../src/alerts/watch.ts';
import type { AlertsConfig } from '../../src/config.ts';
import { listAlerts } from '../../src/db/alerts.ts';
import { Poster } from '../../src/webhooks/post.ts';
import type { Wiring } from '../../src/wiring.ts';

const nobody: AlertsConfig = { emails: [], webhookUrl: undefined, webhookSecret: undefined };

export function alertsOf(
  wiring: Wiring,
  given: { alerts?: AlertsConfig; limits?: Partial<Limits>; checks?: Check[]; relays?: string[] } = {},
) {
  const { sql, log } = wiring;
  const alerts = given.alerts ?? nobody;
  const checks = given.checks ?? checksOf(wiring, { ...usualLimits, freeShare: 0, ...given.limits });
  const watch = new Watch(wiring, checks, targetsOf(alerts));
  const poster = new Poster('operator');
  const notifier = new Notifier({
    sql,
    log,
    alerts,
    relays: given.relays ?? [],
    dkim: undefined,
    domain: 'news.example.org',
    poster,
  });
  return {
    pass: () => watch.pass(),
    /** Tells all that is due. */
    tell: async () => {
      while ((await notifier.start()) > 0) await notifier.settled();
    },
    open: async (kind?: string) => (await listAlerts(sql)).filter(alert => kind === undefined || alert.kind === kind),
    all: () => listAlerts(sql, true),
    /** As if so much time had passed. */
    later: (seconds: number) => sql`
      update alerts set first_seen_at = first_seen_at - ${seconds}::int * interval '1 second',
        last_seen_at = last_seen_at - ${seconds}::int * interval '1 second', opened_at = opened_at - ${seconds}::int * interval '1 second',
        reminded_at = reminded_at - ${seconds}::int * interval '1 second'`,
    close: () => poster.close(),
  };
}
