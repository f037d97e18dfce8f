-- What wrk asks, and what it says at the end, for the class Wrk.
-- Arguments: a file with a body a line; a number that no other run has; the use case; the key. Where a body has the mark, each request gets a number
-- of its own in its place, of the same length.
local mark = "@@@@@@@@@@@@"
local heads, tails, requests = {}, {}, {}
local asked, first = 0, 0

function init(arguments)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. arguments[4]
  -- Words alone are looked up, which is all that the other side does.
  if arguments[3] ~= "" then
    wrk.headers["X-Reprise-Use-Case"] = arguments[3]
  end
  first = tonumber(arguments[2])
  for line in io.lines(arguments[1]) do
    local request = wrk.format(nil, nil, nil, line)
    local from, to = request:find(mark, 1, true)
    heads[#heads + 1] = from and request:sub(1, from - 1) or request
    tails[#tails + 1] = from and request:sub(to + 1) or ""
  end
end

function request()
  local i = asked % #heads + 1
  asked = asked + 1
  if tails[i] == "" then
    return heads[i]
  end
  return heads[i] .. string.format("%012d", first + asked) .. tails[i]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"failed":%d,"p50":%d,"p95":%d,"p99":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(95), latency:percentile(99)))
end
