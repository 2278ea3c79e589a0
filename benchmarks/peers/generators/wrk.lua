-- For wrk: its figures as one line of JSON. wrk -s wrk.lua URL -- METHOD BODY_BYTES
function init(args)
  wrk.method = args[1] or "GET"
  local bytes = tonumber(args[2] or "0")
  if bytes > 0 then wrk.body = string.rep("x", bytes) end
end

function done(summary, latency)
  local failed = summary.errors
  local errors = failed.connect + failed.read + failed.write + failed.status + failed.timeout
  io.write(string.format(
    '{"requests":%d,"errors":%d,"seconds":%.6f,"latency":{"p50":%.1f,"p90":%.1f,"p99":%.1f,"p999":%.1f}}\n',
    summary.requests - failed.status, errors, summary.duration / 1e6,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), latency:percentile(99.9)))
end
