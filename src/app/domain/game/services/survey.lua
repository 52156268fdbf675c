-- How many of a partition's players are on a board, and how many of them have won more than so much.
-- KEYS: 1 how many batches the ladder knows of   2 the board
-- ARGV: what somebody has won, as often as is asked
-- Returns nothing while the ladder is not whole: it is being built, or was lost.
if not tonumber(redis.call('GET', KEYS[1])) then
  return
end
local counts = {redis.call('ZCARD', KEYS[2])}
for _, prize in ipairs(ARGV) do
  counts[#counts + 1] = redis.call('ZCOUNT', KEYS[2], '(' .. prize, '+inf')
end
return counts
