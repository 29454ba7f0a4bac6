/** `workers`: the processes that gave a sign of life lately, and what they are doing. */
import { listWorkers, type WorkerRow } from '../db/workers.ts';
import { type LaneState, slowedLanes } from '../deliver/rates.ts';
import type { Output } from './output.ts';
import { withWiring } from './wired.ts';

export async function workersCommand(output: Output): Promise<number> {
  return withWiring('workers', async ({ sql, queues, config }) => {
    const rows = await listWorkers(sql);
    // While Redis is away nothing is sent; `log` has said so.
    const slowed = await slowedLanes(queues.redis, config.queuePrefix).catch(() => []);
    const workers = rows.map(row => ({
      ...row,
      doing: row.doing && { ...row.doing, lanes: lanesOf(row.doing, slowed) },
    }));
    output.result({ workers, slowed }, workers.length > 0 ? workers.flatMap(linesOf) : ['No process is at work.']);
    return 0;
  });
}

type Lanes = NonNullable<WorkerRow['doing']>['lanes'];

/** With the pace that the provider asked for, which all processes share. */
function lanesOf({ lanes }: { lanes: Lanes }, slowed: readonly LaneState[]) {
  return lanes.map(lane => {
    const cut = slowed.find(each => each.lane === lane.lane && each.relay === lane.relay);
    return { ...lane, slowed: cut ? { perSecond: cut.perSecond, holdSeconds: cut.holdSeconds } : null };
  });
}

type Shown = Omit<WorkerRow, 'doing'> & {
  doing: { perSecond: number; connections: number; lanes: ReturnType<typeof lanesOf> } | null;
};

function linesOf({ host, pid, role, startedAt, seenAt, isAlive, doing }: Shown): string[] {
  const seen = isAlive ? '' : `, SILENT since ${seenAt.toISOString()}`;
  const rate = doing ? `, ${doing.perSecond.toFixed(1)}/s over ${doing.connections} connections` : '';
  return [
    `${role}  ${host} ${pid}, since ${startedAt.toISOString()}${rate}${seen}`,
    ...(doing?.lanes ?? []).map(({ lane, relay, perSecond, connections, waiting, slowed }) => {
      const pace = !slowed
        ? ''
        : slowed.holdSeconds > 0
          ? `, held for ${slowed.holdSeconds} s`
          : `, slowed to ${slowed.perSecond.toFixed(1)} a second in all`;
      return `  ${lane} by ${relay}: ${perSecond.toFixed(1)}/s, ${connections} connections, ${waiting} waiting for a permit${pace}`;
    }),
  ];
}
