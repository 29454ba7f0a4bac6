/**
 * The scripts of the rate limits, run inside Redis: one worker's question and the change it makes are one step for all workers, and the
 * only clock is Redis' own (fault F10).
 *
 * Of a lane, a hash: `tokens`, `at` (its bucket), `use`, `usedAt` (messages a second, measured), and while it is slowed `rate` (after
 * the last cut), `top` (before the first), `hold` (nothing before this time), `base` (before the last cut), `level` (cuts in a row),
 * `since`, `reply`. Of a relay, a hash: `tokens`, `at`. Times in milliseconds, rates in messages a second.
 */
import { createHash } from 'node:crypto';
import { messageOf } from '../errors.ts';
import type { Redis } from '../queue/redis.ts';

interface Script {
  text: string;
  /** By which Redis knows it. */
  digest: string;
}

/** Held longest; longer ones are a clock that was set back. */
const maxHoldMs = 300_000;

/** State that nobody asked about for longer is gone; outlasts the longest hold, the recovery and `rememberMs` together. */
const expirySeconds = 900;

const common = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A second of additive increase is this part of the rate before: one halving is made good in 30 s.
local step = 1 / 60

-- The state of a slowed lane as it is now; nil of one that is not.
local function slowed(lane)
  local f = redis.call('HMGET', lane, 'rate', 'top', 'hold', 'base', 'level')
  if not f[1] then return nil end
  local s = { top = tonumber(f[2]), hold = tonumber(f[3]), base = tonumber(f[4]), level = tonumber(f[5]) }
  if s.hold > now + ${maxHoldMs} then
    s.hold = now
    redis.call('HSET', lane, 'hold', now)
  end
  s.held = math.max(0, s.hold - now)
  s.rate = tonumber(f[1]) + s.top * step * math.max(0, now - s.hold) / 1000
  s.isRecovered = s.held == 0 and s.rate >= s.top
  s.recoveredAt = s.hold + (s.top - tonumber(f[1])) / (s.top * step) * 1000
  return s
end

-- Messages a second over the last seconds: each decays with a time constant of 2 s.
local function measured(lane)
  local f = redis.call('HMGET', lane, 'use', 'usedAt')
  return tonumber(f[1] or 0) * math.exp(math.min(0, tonumber(f[2] or now) - now) / 2000)
end

local function count(lane, used)
  if used == 0 then return end
  redis.call('HSET', lane, 'use', measured(lane) + used / 2, 'usedAt', now)
end
`;

/**
 * KEYS lane, relay, set of slowed lanes, the relay's last day. ARGV want, used since the last call, the lane's limit, the relay's limit, the
 * relay's quota of 24 hours (0: none), chunk.
 * Returns {permits granted, ms until one more is worth asking for, 1 to whom it falls to report the lane's recovery, 1 when the quota is used up}.
 */
export const takeScript = scriptOf(`
local lane, relay, slow, day = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local want, used, laneLimit, relayLimit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local dayLimit, chunk = tonumber(ARGV[5]), tonumber(ARGV[6])
-- A recovered lane's rate grows on for this long, to twice the rate before; then the lane is as if nothing had been.
local rememberMs = 60000

count(lane, used)
local news = 0
local s = slowed(lane)
if s and s.held > 0 then return { 0, s.held, 0, 0 } end
if s and s.isRecovered then
  news = redis.call('HSETNX', lane, 'told', 1)
  if now > s.recoveredAt + rememberMs then
    redis.call('HDEL', lane, 'rate', 'top', 'hold', 'base', 'level', 'since', 'reply', 'told')
    redis.call('SREM', slow, lane)
    s = nil
  end
end
if s and (laneLimit == 0 or s.rate < laneLimit) then laneLimit = s.rate end

local buckets = {}
if laneLimit > 0 then buckets[#buckets + 1] = { key = lane, rate = laneLimit } end
if relayLimit > 0 then buckets[#buckets + 1] = { key = relay, rate = relayLimit } end
-- Nobody to share with: more than asked for, so that a fast lane asks seldom.
local granted = #buckets == 0 and dayLimit == 0 and math.max(want, chunk) or want
-- What was granted in each of the last 24 hours, and this one: at most an hour too careful.
local hour, room = math.floor(now / 3600000), nil
if dayLimit > 0 then
  room = dayLimit
  local hours = redis.call('HGETALL', day)
  for i = 1, #hours, 2 do
    if tonumber(hours[i]) < hour - 24 then redis.call('HDEL', day, hours[i]) else room = room - tonumber(hours[i + 1]) end
  end
  granted = math.max(0, math.min(granted, room))
end
for _, b in ipairs(buckets) do
  -- A quarter of a second's worth may leave at once; a new bucket is full.
  local most = math.max(1, b.rate / 4)
  local f = redis.call('HMGET', b.key, 'tokens', 'at')
  b.tokens = f[1] and math.min(most, tonumber(f[1]) + math.max(0, now - tonumber(f[2])) * b.rate / 1000) or most
  granted = math.min(granted, math.floor(b.tokens + 1e-6))
end
local wait = room and room <= 0 and 60000 or 0
for _, b in ipairs(buckets) do
  local left = b.tokens - granted
  redis.call('HSET', b.key, 'tokens', left, 'at', now)
  redis.call('EXPIRE', b.key, ${expirySeconds})
  if granted < want then wait = math.max(wait, math.ceil((1 - left) / b.rate * 1000)) end
end
redis.call('EXPIRE', lane, ${expirySeconds})
if dayLimit > 0 and granted > 0 then
  redis.call('HINCRBY', day, hour, granted)
  redis.call('EXPIRE', day, 90000)
end
return { granted, wait, news, room and room <= 0 and 1 or 0 }
`);

/**
 * Multiplicative decrease. KEYS lane, set of slowed lanes. ARGV used since the last call, the lane's limit (0: none), reply, names of relay
 * and lane. Returns {1 when this is a cut: 0 for the late replies of one, rate, ms of hold}.
 */
export const cutScript = scriptOf(`
local lane, slow = KEYS[1], KEYS[2]
local used, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
-- So slow that it does no harm, and fast enough to notice that the storm is over.
local floor = 0.2

count(lane, used)
local s = slowed(lane)
-- What is answered during a hold left before it.
if s and s.held > 0 then return { 0, '0', 0 } end
-- Below one a second, what was measured says nothing.
local base, level, top = math.max(1, measured(lane)), 1, nil
if s and not s.isRecovered then
  base = s.rate
  top = s.top
  -- Cut again before it had won back what the last cut took, or by the first replies after the hold: still the same storm, so the hold
  -- doubles. A provider that lets a part of the rate through is thus not shut out for longer and longer.
  if s.rate < s.base or now < s.hold + 2000 then level = s.level + 1 end
elseif s then
  base = math.min(base, s.top)
end
if limit > 0 then base = math.min(base, limit) end
local rate = math.max(base / 2, math.min(base, floor))
local hold = math.min(${maxHoldMs}, 5000 * 2 ^ math.min(level - 1, 10))
if not top then redis.call('HSET', lane, 'since', now) end
-- One permit when the hold ends: a probe.
redis.call('HSET', lane, 'tokens', 1, 'at', now + hold, 'rate', rate, 'top', top or base, 'hold', now + hold, 'base', base, 'level', level,
  'reply', ARGV[3], 'relay', ARGV[4], 'lane', ARGV[5])
redis.call('HDEL', lane, 'told')
redis.call('EXPIRE', lane, ${expirySeconds})
redis.call('SADD', slow, lane)
redis.call('EXPIRE', slow, ${expirySeconds})
return { 1, tostring(rate), hold }
`);

/** KEYS set of slowed lanes. Returns {relay, lane, rate, ms of hold left, since, reply} of each that is still below its rate before. */
export const slowedScript = scriptOf(`
local found = {}
for _, lane in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local s = slowed(lane)
  if not s then
    redis.call('SREM', KEYS[1], lane)
  elseif not s.isRecovered then
    local f = redis.call('HMGET', lane, 'relay', 'lane', 'since', 'reply')
    found[#found + 1] = { f[1], f[2], tostring(s.rate), s.held, f[3], f[4] }
  end
end
return found
`);

function scriptOf(body: string): Script {
  const text = common + body;
  return { text, digest: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script by its digest; Redis forgets scripts when it restarts, then it is sent whole. */
export async function evaluate(
  redis: Redis,
  script: Script,
  keys: string[],
  args: (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.digest, keys.length, ...keys, ...args);
  } catch (error) {
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
    return redis.eval(script.text, keys.length, ...keys, ...args);
  }
}
