-- Puts players on a board that is being built.
-- KEYS: 1 the board
-- ARGV: 1 what ZADD takes, with commas between   2 after how many seconds the board goes by itself, unless installed
redis.call('ZADD', KEYS[1], unpack(cjson.decode('[' .. ARGV[1] .. ']')))
redis.call('EXPIRE', KEYS[1], ARGV[2])
