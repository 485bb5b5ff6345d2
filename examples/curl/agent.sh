#!/bin/sh
# An agent by hand: open a run, ask, act, tell, end. INTERLOCK_URL and INTERLOCK_KEY say where Interlock is.
set -eu
api() { # method, path, body
  curl --silent --show-error --fail-with-body --max-time 10 --request "$1" "$INTERLOCK_URL/api/v1$2" \
    --header "authorization: Bearer $INTERLOCK_KEY" --header "content-type: application/json" --data "$3"
}
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# The same request_id again is the same run: what is repeated does not begin twice.
opened=$(api POST /runs "{\"request_id\":\"$(date +%s)-$$\",\"agent_id\":\"example-curl\",\"task_type\":\"task\",\"goal\":\"Somebody cannot log in\"}")
run=$(printf %s "$opened" | field run_id)

may() { # tool, effect, arguments: prints the decision's id, or ends the run
  asked=$(api POST /decisions "{\"run_id\":\"$run\",\"kind\":\"tool\",\"tool\":\"$1\",\"effect\":\"$2\",\"args\":$3}")
  # Whatever is not an allow is a no: fail closed.
  if [ "$(printf %s "$asked" | field outcome)" != allow ]; then
    api POST "/runs/$run/finish" "{\"stop_reason\":\"$(printf %s "$asked" | field stop_reason)\"}" >&2
    exit 1
  fi
  printf %s "$asked" | field decision_id
}

decision=$(may kb_search read '{"query":"login"}')
found="About login" # here the tool is called
api POST "/decisions/$decision/result" "{\"status\":\"ok\",\"latency_ms\":12,\"result\":\"$found\"}" >/dev/null

decision=$(may ticket_create write "{\"title\":\"$found\"}")
api POST "/decisions/$decision/result" '{"status":"ok","latency_ms":40,"effect":{"external_id":"T-1"}}' >/dev/null

api POST "/runs/$run/finish" '{"stop_reason":"success"}' >/dev/null
echo "done: success"
