/**
 * The Lua scripts of the rate budget. All times are milliseconds of Redis' own clock, so that processes need not agree.
 *
 * A network's turns are a sorted set `slots` of the latest times at which their calls can reach the network: `travelMs`
 * after the call's turn, and once it was answered, that moment. A call's turn comes at least one window after
 * the calls-th latest of them. Hence, of any calls + 1 calls, the one that was entered last goes out a window after one
 * of the others has arrived, so no window of arrivals ever holds more than `calls`, however long each was on its way.
 * Taking a turn away and moving one back keep this.
 *
 * KEYS: marker, slots, state. The marker says which Redis process this is and until when everybody pauses:
 * `<run id> <pausedUntil>`. The state holds pausedUntil, sharePercent, limitedAt, liveUntil.
 */
const PREAMBLE = `
local time = redis.call('TIME')
local now = math.floor(tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000)
local function text(number) return string.format('%.0f', number) end
local function stateOf(field) return tonumber(redis.call('HGET', KEYS[3], field) or '0') end
local function shareNow(stepMs)
  local limitedAt = stateOf('limitedAt')
  if limitedAt == 0 then return 100 end
  return math.min(100, stateOf('sharePercent') + 10 * math.floor((now - limitedAt) / stepMs))
end
`;

/**
 * ARGV: run id, turn id, lane, calls, windowMs, latenessMs, waitMaxMs, recoverStepMs, keepMs, travelMs.
 * Answers: granted | wait ms (the turn is reserved, ask again then) | ask-again ms (nothing is reserved) |
 * refused ms (the next turn is too far away) | unmarked (this Redis has no memory).
 */
export const TAKE_SCRIPT = `${PREAMBLE}
local runId, id, lane = ARGV[1], ARGV[2], ARGV[3]
local calls, window, lateness = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local waitMax, stepMs, keepMs, travel = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[10])
local marker = redis.call('GET', KEYS[1])
if not marker then return {'unmarked', 0} end
local markedRun, markedUntil = string.match(marker, '^(.*) (%d+)$')
local paused = tonumber(markedUntil or '0')
if markedRun ~= runId then
  -- Started anew since: what it read back from its disk may lack the last moments.
  paused = now + window
  redis.call('SET', KEYS[1], runId .. ' ' .. text(paused))
end
paused = math.max(paused, stateOf('pausedUntil'))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', text(now - window))
local score = redis.call('ZSCORE', KEYS[2], id)
if score then
  local own = tonumber(score) - travel
  if own >= paused and own > now then return {'wait', own - now} end
  if own >= paused and now - own <= lateness then return {'granted', 0} end
  -- Overtaken by a pause, or woken too late: the turn would fall into a window that others have counted on.
  redis.call('ZREM', KEYS[2], id)
end
local allowed = math.max(1, math.floor(calls * shareNow(stepMs) / 100))
if lane == 'background' then allowed = math.max(1, math.floor(allowed * 2 / 3)) end
local at = math.max(now, paused)
if redis.call('ZCARD', KEYS[2]) >= allowed then
  local last = redis.call('ZREVRANGE', KEYS[2], allowed - 1, allowed - 1, 'WITHSCORES')
  at = math.max(at, tonumber(last[2]) + window)
end
if lane == 'background' then at = math.max(at, stateOf('liveUntil')) end
if at - now > waitMax then return {'refused', at - now} end
if lane == 'background' and at > now then return {'ask-again', at - now} end
redis.call('ZADD', KEYS[2], text(at + travel), id)
redis.call('PEXPIRE', KEYS[2], keepMs)
if at == now then return {'granted', 0} end
redis.call('HSET', KEYS[3], 'liveUntil', text(at + window))
redis.call('PEXPIRE', KEYS[3], keepMs)
return {'wait', at - now}
`;

/** ARGV: turn id. The call was answered, so it has reached the network by now. */
export const ARRIVED_SCRIPT = `${PREAMBLE}
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
-- One more, since the clock is cut to whole milliseconds.
if score and tonumber(score) > now + 1 then redis.call('ZADD', KEYS[2], 'XX', text(now + 1), ARGV[1]) end
return 1
`;

/** ARGV: run id, pauseMs. Writes the marker unless another process has; without a pause only on a first use. */
export const MARK_SCRIPT = `${PREAMBLE}
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. text(now + tonumber(ARGV[2])), 'NX')
return 1
`;

/** ARGV: windowMs, recoverStepMs, keepMs. Several refusals of one burst halve the share once. */
export const LIMITED_SCRIPT = `${PREAMBLE}
local window, stepMs = tonumber(ARGV[1]), tonumber(ARGV[2])
if stateOf('pausedUntil') <= now then
  redis.call('HSET', KEYS[3], 'sharePercent', text(math.max(10, math.floor(shareNow(stepMs) / 2))))
  redis.call('HSET', KEYS[3], 'limitedAt', text(now))
end
redis.call('HSET', KEYS[3], 'pausedUntil', text(now + window))
redis.call('PEXPIRE', KEYS[3], ARGV[3])
return 1
`;

/** ARGV: calls, windowMs, recoverStepMs, travelMs. Answers: turns of the last window, calls allowed, pause in ms. */
export const USAGE_SCRIPT = `${PREAMBLE}
local marker = redis.call('GET', KEYS[1]) or ''
local paused = math.max(tonumber(string.match(marker, ' (%d+)$') or '0'), stateOf('pausedUntil'))
local used = redis.call('ZCOUNT', KEYS[2], '(' .. text(now - tonumber(ARGV[2])), text(now + tonumber(ARGV[4])))
local allowed = math.max(1, math.floor(tonumber(ARGV[1]) * shareNow(tonumber(ARGV[3])) / 100))
return {used, allowed, math.max(0, paused - now)}
`;
