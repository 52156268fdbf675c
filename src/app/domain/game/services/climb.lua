-- Takes in what a batch of plays came to, if the ladder of its partition stands right before it.
-- KEYS: 1 how many batches the ladder knows of   2, 3 … boards (sorted sets of players by what they have won)
-- ARGV: 1 how many there are with this one   then for each board: when it is let go (Unix seconds, 0 for never), how many
--       players follow, and of each what they have won by now and their id
if tonumber(redis.call('GET', KEYS[1])) ~= ARGV[1] - 1 then
  return
end
local at = 2
for board = 2, #KEYS do
  local expires, players = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  for player = 1, players do
    redis.call('ZADD', KEYS[board], ARGV[at + 2 * player], ARGV[at + 2 * player + 1])
  end
  if expires > 0 then
    redis.call('EXPIREAT', KEYS[board], expires)
  end
  at = at + 2 + 2 * players
end
redis.call('SET', KEYS[1], ARGV[1])
