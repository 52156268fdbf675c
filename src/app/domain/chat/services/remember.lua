-- Adds new messages to the cache of a conversation, if it stands right before them.
-- KEYS: 1 the messages, by number; 2 the number of the last event that the cache knows
-- ARGV: 1 the number before the new ones, 2 the number of the last of them, 3 seconds to keep, 4 messages to keep,
--       then number and message, alternately
-- A cache that is missing stays missing, except at a conversation's beginning; one that lacks something is dropped.
local known = tonumber(redis.call('GET', KEYS[2]))
if not known and tonumber(ARGV[1]) == 0 then
  known = 0
end
if not known or known >= tonumber(ARGV[2]) then
  return
end
if known ~= tonumber(ARGV[1]) then
  redis.call('DEL', KEYS[1], KEYS[2])
  return
end
redis.call('ZADD', KEYS[1], unpack(ARGV, 5))
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[4]))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
