"""The scripts that Redis runs for the log: each looks and writes in one step, so no other writer comes in between.

Every key carries the hash tag `{moderator}`, so that Redis Cluster keeps them on one node.
"""

from __future__ import annotations

import hashlib

TAG = "{moderator}"
EPOCH = f"{TAG}:epoch"
"""Names the log; made once, checked by every append."""
ORDER = f"{TAG}:webinars"
"""Sorted set of slugs, by the number under which each was created."""
LIVES = f"{TAG}:lives"
"""Hash slug -> life: another number each time a webinar is created or rewritten, so that an old fold is noticed."""
COUNTER = f"{TAG}:counter"
NEWS = f"{TAG}:news"
"""Stream that wakes up whoever follows when a webinar is created, erased or rewritten. Only a bell: may be trimmed."""
SETTLED = f"{TAG}:settled"


def stream(webinar: str) -> str:
    """The stream of a webinar's commits, one entry each, its id `<seq>-0`."""
    return f"{TAG}:log:{webinar}"


def frozen(webinar: str) -> str:
    """Present while a webinar is read only."""
    return f"{TAG}:frozen:{webinar}"


def part(nonce: str) -> str:
    """What is being put together before it takes a webinar's place."""
    return f"{TAG}:part:{nonce}"


class Script:
    """Lua source and its SHA-1, which is how Redis is asked for it."""

    def __init__(self, body: str) -> None:
        self.source = (_COMMON + body).strip() + "\n"
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()


_COMMON = """
local function last(key)
  if redis.call('EXISTS', key) == 0 then return 0 end
  local facts = redis.call('XINFO', 'STREAM', key)
  for i = 1, #facts, 2 do
    if facts[i] == 'last-generated-id' then return tonumber(string.match(facts[i + 1], '^(%d+)')) end
  end
  return 0
end
local function mine(key, seq, nonce)
  local found = redis.call('XRANGE', key, seq .. '-0', seq .. '-0')[1]
  if not found then return false end
  for i = 1, #found[2], 2 do
    if found[2][i] == 'by' then return found[2][i + 1] == nonce end
  end
  return false
end
local function ring(slug)
  redis.call('XADD', KEYS[6], 'MAXLEN', '~', '1000', '*', 'webinar', slug)
end
"""

APPEND = Script("""
-- KEYS epoch lives stream frozen settled; ARGV epoch slug life seq at body nonce seen
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return {'lost', epoch or ''} end
local seq = tonumber(ARGV[4])
local newest = last(KEYS[3])
if newest >= seq and mine(KEYS[3], ARGV[4], ARGV[7]) then
  redis.call('SET', KEYS[5], ARGV[7])
  return {'ok', newest}
end
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return {'gone', newest} end
if newest ~= seq - 1 or newest < tonumber(ARGV[8]) then return {'conflict', newest} end
if redis.call('EXISTS', KEYS[4]) == 1 then return {'frozen', newest} end
redis.call('XADD', KEYS[3], ARGV[4] .. '-0', 'at', ARGV[5], 'body', ARGV[6], 'by', ARGV[7])
return {'ok', seq}
""")

CREATE = Script("""
-- KEYS epoch lives stream order counter news; ARGV epoch slug at body nonce
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return {'lost', epoch or ''} end
if redis.call('ZSCORE', KEYS[4], ARGV[2]) then
  if mine(KEYS[3], '1', ARGV[5]) then return {'ok', redis.call('HGET', KEYS[2], ARGV[2])} end
  return {'conflict', ''}
end
local life = redis.call('INCR', KEYS[5])
redis.call('DEL', KEYS[3])
redis.call('XADD', KEYS[3], '1-0', 'at', ARGV[3], 'body', ARGV[4], 'by', ARGV[5])
redis.call('ZADD', KEYS[4], life, ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], life)
ring(ARGV[2])
return {'ok', tostring(life)}
""")

ERASE = Script("""
-- KEYS epoch lives stream order counter news; ARGV epoch slug
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return {'lost', epoch or ''} end
if redis.call('ZREM', KEYS[4], ARGV[2]) == 0 then return {'ok', ''} end
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[3])
ring(ARGV[2])
return {'ok', ''}
""")

REWRITE = Script("""
-- KEYS epoch lives stream order counter news bodies fresh; ARGV epoch slug count
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return {'lost', epoch or ''} end
if redis.call('HLEN', KEYS[7]) ~= tonumber(ARGV[3]) then return {'torn', ''} end
for _, seq in ipairs(redis.call('HKEYS', KEYS[7])) do
  if #redis.call('XRANGE', KEYS[3], seq .. '-0', seq .. '-0') == 0 then return {'conflict', seq} end
end
local from = '-'
while true do
  local page = redis.call('XRANGE', KEYS[3], from, '+', 'COUNT', 500)
  if #page == 0 then break end
  for _, entry in ipairs(page) do
    local seq = string.match(entry[1], '^(%d+)')
    local body = redis.call('HGET', KEYS[7], seq)
    local fields = entry[2]
    if body then
      for i = 1, #fields, 2 do
        if fields[i] == 'body' then fields[i + 1] = body end
      end
    end
    redis.call('XADD', KEYS[8], entry[1], unpack(fields))
    from = '(' .. entry[1]
  end
end
redis.call('RENAME', KEYS[8], KEYS[3])
redis.call('DEL', KEYS[7])
redis.call('HSET', KEYS[2], ARGV[2], redis.call('INCR', KEYS[5]))
ring(ARGV[2])
return {'ok', ''}
""")

ADOPT = Script("""
-- KEYS epoch lives stream order counter news fresh; ARGV epoch slug last count
local epoch = redis.call('GET', KEYS[1])
if epoch ~= ARGV[1] then return {'lost', epoch or ''} end
if redis.call('ZSCORE', KEYS[4], ARGV[2]) then return {'conflict', ''} end
if redis.call('XLEN', KEYS[7]) ~= tonumber(ARGV[4]) or last(KEYS[7]) ~= tonumber(ARGV[3]) then return {'torn', ''} end
local life = redis.call('INCR', KEYS[5])
redis.call('RENAME', KEYS[7], KEYS[3])
redis.call('PERSIST', KEYS[3])
redis.call('ZADD', KEYS[4], life, ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], life)
ring(ARGV[2])
return {'ok', tostring(life)}
""")

LOOK = Script("""
-- KEYS epoch lives order; ARGV the prefix of streams
local found = {}
for _, slug in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  found[#found + 1] = {slug, redis.call('HGET', KEYS[2], slug) or '', last(ARGV[1] .. slug)}
end
return {redis.call('GET', KEYS[1]) or '', found, redis.call('TIME')}
""")
