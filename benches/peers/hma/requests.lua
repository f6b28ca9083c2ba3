-- Asks a server for `wrk`: CASE and FOLDER come from the environment; prints one JSON line at the end.
-- live: GET /status/live. lookup: GET /m/lookup, one question after the other. hash, match: POST the picture.

local case, folder = os.getenv("CASE"), os.getenv("FOLDER")
local prepared, turn = {}, 0

local function lines(name)
   local list = {}
   for line in io.lines(folder .. "/" .. name) do
      list[#list + 1] = line
   end
   return list
end

local function whole(name)
   local file = assert(io.open(folder .. "/" .. name, "rb"))
   local bytes = file:read("*a")
   file:close()
   return bytes
end

function init(_)
   if case == "live" then
      prepared[1] = wrk.format("GET", "/status/live")
   elseif case == "lookup" then
      for _, signal in ipairs(lines("questions.txt")) do
         prepared[#prepared + 1] = wrk.format("GET", "/m/lookup?signal_type=pdq&signal=" .. signal)
      end
   else
      local path = case == "hash" and "/h/hash" or "/m/lookup"
      local headers = { ["Content-Type"] = "multipart/form-data; boundary=tutela-peer-boundary" }
      prepared[1] = wrk.format("POST", path, headers, whole("photo.body"))
   end
end

function request()
   turn = turn % #prepared + 1
   return prepared[turn]
end

function done(summary, latency, _)
   local errors = summary.errors
   print(string.format(
      '{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"max_us":%d,"bad_status":%d,"socket_errors":%d}',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
      errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
