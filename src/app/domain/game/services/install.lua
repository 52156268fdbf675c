-- Puts a ladder that was built anew in the place of the old one, unless somebody else has begun to build since.
-- KEYS: 1 how many batches the ladder knows of, or who builds it   then pairs: a board as it was built, and its place
-- ARGV: 1 who builds   2 how many batches the new one knows of   then for each pair when it is let go, 0 for never
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
for board = 2, #KEYS, 2 do
  redis.call('UNLINK', KEYS[board + 1])
  if redis.call('EXISTS', KEYS[board]) == 1 then
    redis.call('RENAME', KEYS[board], KEYS[board + 1])
    local expires = tonumber(ARGV[board / 2 + 2])
    if expires > 0 then
      redis.call('EXPIREAT', KEYS[board + 1], expires)
    else
      redis.call('PERSIST', KEYS[board + 1])
    end
  end
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
