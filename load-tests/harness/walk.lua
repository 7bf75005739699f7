-- wrk script: walks the addresses of a file (one path a line) in a shuffled order, for ever.
-- With a counter in a path (%d) every request is a new address.
--
--   wrk ... -s walk.lua URL -- FILE

local requests, counting, at, count = {}, false, 0, 0

function init(arguments)
    local paths = {}
    for path in io.lines(arguments[1]) do
        paths[#paths + 1] = path
        counting = counting or path:find("%%d") ~= nil
    end
    math.randomseed(7)
    for i = #paths, 2, -1 do
        local j = math.random(i)
        paths[i], paths[j] = paths[j], paths[i]
    end
    for i, path in ipairs(paths) do
        requests[i] = counting and path or wrk.format("GET", path)
    end
    count = tonumber(arguments[2] or "0")
end

function request()
    at = at % #requests + 1
    if not counting then return requests[at] end
    -- Six digits: what stands behind the point of a time in seconds.
    count = (count + 1) % 900000
    return wrk.format("GET", (requests[at]:gsub("%%d", tostring(100000 + count))))
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\nRESULT {"requests":%d,"bytes":%d,"microseconds":%d,"failed":%d,' ..
        '"p50_us":%d,"p99_us":%d}\n',
        summary.requests, summary.bytes, summary.duration,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
