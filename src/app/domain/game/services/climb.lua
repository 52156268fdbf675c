-- Takes in what a batch of plays came to, if the ladder of its partition stands right before it.
-- KEYS: 1 how many batches the ladder knows of   2, 3 … boards (sorted sets of players by what they have won)
-- ARGV: 1 how many there are with this one   2 for each board, in JSON: when it is let go (Unix seconds, 0 for never),
--       and what ZADD takes
if tonumber(redis.call('GET', KEYS[1])) ~= ARGV[1] - 1 then
  return
end
for place, board in ipairs(cjson.decode(ARGV[2])) do
  local expires, scores = board[1], board[2]
  for from = 1, #scores, 1000 do
    redis.call('ZADD', KEYS[place + 1], unpack(scores, from, math.min(from + 999, #scores)))
  end
  if expires > 0 and #scores > 0 then
    redis.call('EXPIREAT', KEYS[place + 1], expires)
  end
end
redis.call('SET', KEYS[1], ARGV[1])
