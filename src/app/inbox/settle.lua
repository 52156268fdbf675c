-- Takes the dirty mark off a partition if nothing waits in it. Returns 1 when it did.
-- An entry taken between the drain's last read and this script leaves the mark on, and the drain goes on reading.
if redis.call('XLEN', KEYS[1]) > 0 then
  return 0
end
redis.call('DEL', KEYS[2])
return 1
