-- Takes one entry into a partition, in one round trip.
-- KEYS: 1 the partition's stream, 2 its dirty mark, 3 the bell (taskiq's stream), 4 the throttle mark, if any
-- ARGV: 1 the entry, 2 where its reply goes, 3 the bell's message, 4 entries that may wait, 5 throttle in ms,
--       6 bells that may wait, 7 the request that it goes back to
-- Returns 0 when taken, -1 when the backlog is full, else the ms until the throttle lets the next one through.
-- A refusal for the backlog comes first, so that it does not use up the sender's slot.
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[4]) then
  return -1
end
if KEYS[4] and not redis.call('SET', KEYS[4], 1, 'NX', 'PX', ARGV[5]) then
  return math.max(1, redis.call('PTTL', KEYS[4]))
end
redis.call('XADD', KEYS[1], '*', 'entry', ARGV[1], 'reply', ARGV[2], 'origin', ARGV[7])
if redis.call('SET', KEYS[2], 1, 'NX') then
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'data', ARGV[3])
end
return 0
