"""What Redis does in one step (Lua 5.1). KEYS: a token, its lease, what its owner has."""

from __future__ import annotations

from typing import Final

# ARGV: the version that was read or nothing, the new one, the lifetime, key, token, expiry,
# whether it can be renewed. The new version counts as the one that was read: a client that
# got no answer sends its command again.
WRITE: Final = """
if ARGV[1] ~= '' then
  local version = redis.call('HGET', KEYS[1], 'version')
  if version ~= ARGV[1] and version ~= ARGV[2] then return 0 end
end
local now = redis.call('TIME')
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'key', ARGV[4], 'token', ARGV[5],
  'expires_at', ARGV[6], 'refreshable', ARGV[7],
  'updated_at', now[1] .. '.' .. string.format('%06d', now[2]))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('SADD', KEYS[3], KEYS[1])
if redis.call('TTL', KEYS[3]) < tonumber(ARGV[3]) then redis.call('EXPIRE', KEYS[3], ARGV[3]) end
return 1
"""

# A lease may stay: it is taken of a token alone, and ends when one is written.
DELETE: Final = """
redis.call('SREM', KEYS[3], KEYS[1])
return redis.call('DEL', KEYS[1])
"""

# ARGV: the holder, the milliseconds.
ACQUIRE: Final = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
return 0
"""

# ARGV: the holder.
RELEASE: Final = """
if redis.call('GET', KEYS[2]) == ARGV[1] then return redis.call('DEL', KEYS[2]) end
return 0
"""

# KEYS: what an owner has.
DELETE_OWNER: Final = """
local gone = 0
for _, name in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  gone = gone + redis.call('DEL', name)
end
redis.call('DEL', KEYS[1])
return gone
"""

# ARGV: the moment.
PURGE: Final = """
local expiry = tonumber(redis.call('HGET', KEYS[1], 'expires_at') or '')
if not expiry or expiry >= tonumber(ARGV[1]) then return 0 end
if redis.call('HGET', KEYS[1], 'refreshable') ~= '0' then return 0 end
redis.call('SREM', KEYS[3], KEYS[1])
return redis.call('DEL', KEYS[1])
"""

# KEYS: a token. ARGV: the version that was read, the token. It stays the same, so its version does.
RESEAL: Final = """
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[2])
return 1
"""
