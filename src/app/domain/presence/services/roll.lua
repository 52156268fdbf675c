-- Takes in what one API process reports of its people, announces whom that changes, and buries a process that is dead.
-- KEYS: 1 processes, by the end of their leases in µs (sorted set)   2 the people of this process and their states (hash)
--       3 everybody who is online, with the number of processes where they are (hash)   4 the same for away
--       5 everybody who is gone, by the minute (sorted set)
-- ARGV: 1 this process   2 the end of its lease as it was last told, 0 at first   3 the new lease in µs
--       4 how many of the dead are buried at once   5 minutes for which it is remembered who is gone   6 the channel
--       7, 8 … a person and their state: online, away or offline
-- Returns the end of the new lease, and whether there is more to bury at once. The end is 0 when Redis does not know this
-- process as the process knows itself: Redis lost something, or took it for dead. It has to come back under a new name;
-- its old one is buried in time, without a flicker for those who are reported under the new one before.
-- All keys share a slot, also those of dead processes, whose names are found here.
local MINUTE = 60 * 1000000
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local known = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0)
if known ~= tonumber(ARGV[2]) then
  return {0, 0}
end

local processes_with = {online = KEYS[3], away = KEYS[4]}
local changed = {}

local function standing(person)
  for _, state in ipairs({'online', 'away'}) do
    if redis.call('HEXISTS', processes_with[state], person) == 1 then
      return state
    end
  end
  return 'offline'
end

local function record(people, person, state, at)
  local former = redis.call('HGET', people, person) or 'offline'
  if former == state then
    return
  end
  local before = standing(person)
  if former ~= 'offline' and redis.call('HINCRBY', processes_with[former], person, -1) <= 0 then
    redis.call('HDEL', processes_with[former], person)
  end
  if state == 'offline' then
    redis.call('HDEL', people, person)
  else
    redis.call('HSET', people, person, state)
    redis.call('HINCRBY', processes_with[state], person, 1)
  end
  local after = standing(person)
  if after == 'offline' then
    redis.call('ZADD', KEYS[5], math.floor(at / MINUTE), person)
  end
  if after ~= before then
    changed[#changed + 1] = person
  end
end

for place = 7, #ARGV, 2 do
  record(KEYS[2], ARGV[place], ARGV[place + 1], now)
end

-- Whose own lease has run out buries nobody: Redis was away, and the others had no chance either.
local more = 0
local dead = known > now and redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'WITHSCORES', 'LIMIT', 0, 1) or {}
if dead[1] then
  local people = string.sub(KEYS[2], 1, -#ARGV[1] - 1) .. dead[1]
  for _, person in ipairs(redis.call('HRANDFIELD', people, ARGV[4])) do
    record(people, person, 'offline', dead[2] - ARGV[3])
  end
  if redis.call('EXISTS', people) == 1 then
    redis.call('ZINCRBY', KEYS[1], -1, dead[1]) -- Should it wake up, it is not whom it takes itself for.
    more = 1
  else
    redis.call('ZREM', KEYS[1], dead[1])
  end
end

redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', math.floor(now / MINUTE) - ARGV[5])
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
if #changed > 0 then
  redis.call('PUBLISH', ARGV[6], cjson.encode(changed))
end
return {now + ARGV[3], more}
