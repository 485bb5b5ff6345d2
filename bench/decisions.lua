-- One POST after the other, each with arguments of its own; runs are taken in turn.
local runs = {}
for id in string.gmatch(os.getenv("RUNS") or "", "[^,]+") do runs[#runs + 1] = id end
local n = 0
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
function init() math.randomseed(os.time() + (id or 0)) ; n = math.random(1, 1000000) * 1000 end
function request()
  n = n + 1
  local run = runs[(n % #runs) + 1]
  local body = string.format(
    '{"run_id":"%s","kind":"tool","tool":"search.read","args":{"q":"outage %d","limit":20},"facts":{"size_mb":%d},"estimate":{"usd":0.0001,"tokens":10}}',
    run, n, n % 40)
  return wrk.format("POST", os.getenv("TARGET") or "/api/v1/decisions", nil, body)
end
