"""Interlock for Python, on the standard library alone: one file to copy into your agent.

    with Interlock("invoice-bot").run(task_type="match", goal="Match invoice 17") as run:
        page = run.tool("kb_search", {"query": "invoice 17"}, kb_search, effect="read")
        run.tool("ticket_create", {"title": page["title"]}, ticket_create)

Every call is asked for before it happens and told afterwards. Whatever cannot be asked for does not happen.
Address and key: INTERLOCK_URL, INTERLOCK_KEY (scope agent). Python 3.9 or newer.
"""

import json
import os
import random
import socket
import threading
import time
import urllib.error
import urllib.request
import uuid

PASSING = {0, 408, 429, 500, 502, 503, 504}


class Refused(Exception):
    """Nothing was done. `stop_reason` is what the run ends with if nobody catches it."""

    def __init__(self, message, stop_reason="tool_denied", code="denied"):
        super().__init__(message)
        self.stop_reason = stop_reason
        self.code = code


class Interlock:
    """The connection of one agent."""

    def __init__(self, agent_id, url=None, key=None, patience_s=60):
        self.agent_id = agent_id
        self.url = (url or os.environ["INTERLOCK_URL"]).rstrip("/")
        self.key = key or os.environ["INTERLOCK_KEY"]
        self.patience_s = patience_s
        self.instance_id = f"{agent_id}@{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"

    def call(self, method, path, body=None, timeout_s=10):
        """Asks again while nobody answers. Returns the status and what was said; status 0 when nobody did."""
        until = time.monotonic() + self.patience_s
        for attempt in range(1000):
            status, said, after = self._once(method, path, body, timeout_s)
            pause = max(after, min(4, 0.25 * 2**attempt) * (0.5 + random.random() / 2))
            if status not in PASSING or time.monotonic() + pause > until:
                return status, said
            time.sleep(pause)
        return 0, {}

    def _once(self, method, path, body, timeout_s):
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method)
        request.add_header("authorization", "Bearer " + self.key)
        request.add_header("content-type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout_s) as answer:
                return answer.status, json.loads(answer.read() or b"{}"), 0
        except urllib.error.HTTPError as answer:
            after = answer.headers.get("retry-after") or "0"
            try:
                said = json.loads(answer.read())
            except ValueError:
                said = {}
            return answer.code, said, float(after) if after.isdigit() else 0
        except (OSError, ValueError):
            return 0, {}, 0

    def run(self, **options):
        """Options as POST /api/v1/runs takes them: task_type, tenant_id, goal, scope, lock_key, request_id …"""
        return Run(self, options)


class Run:
    """Use it in a `with`: how the block ends is how the run ends."""

    def __init__(self, interlock, options):
        self.interlock = interlock
        self.options = {"task_type": "task", "request_id": str(uuid.uuid4()), **options}
        self.over = None
        self.ended = threading.Event()

    def __enter__(self):
        body = {**self.options, "agent_id": self.interlock.agent_id, "instance_id": self.interlock.instance_id}
        status, said = self.interlock.call("POST", "/runs", body)
        if status not in (200, 201):
            raise Refused(said.get("detail", f"The run was not opened: {status}"), "cancelled", said.get("code", "unavailable"))
        if not said["owner"]:
            raise Refused(f"Run {said['run_id']} of this request is under way elsewhere, or over.", "cancelled", "not_owner")
        self.run_id, self.lease = said["run_id"], said["lease"]
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def _beat(self):
        """Keeps the lease, and hears of a stop."""
        while not self.ended.wait(self.lease["ttl_s"] / 3):
            body = {"instance_id": self.interlock.instance_id, "lease_token": self.lease["token"]}
            status, said = self.interlock.call("POST", f"/runs/{self.run_id}/heartbeat", body)
            if status == 200 and said.get("control", {}).get("mode") == "stop":
                self.over = Refused("Stopped: " + (said["control"].get("reason") or "no reason given"), "kill_switch", "stopped")
            elif status in (404, 409):
                self.over = Refused(said.get("detail", "The run is not ours any more."), "lease_expired", "lease_lost")

    def ask(self, kind, **question):
        """Waits where it has to, and for a person where one is asked. Returns an allow or a replay, or raises Refused."""
        approval_id = None
        while True:
            if self.over:
                raise self.over
            body = {
                **question,
                "kind": kind,
                "run_id": self.run_id,
                "request_id": str(uuid.uuid4()),
                "instance_id": self.interlock.instance_id,
                "lease_token": self.lease["token"],
                **({"approval_id": approval_id} if approval_id else {}),
            }
            status, said = self.interlock.call("POST", "/decisions", body)
            if status != 200:
                raise Refused(said.get("detail", "Interlock cannot be reached."), "internal_error", said.get("code", "unavailable"))
            if said["outcome"] in ("allow", "replay"):
                return said
            if said["outcome"] == "wait":
                time.sleep((said["retry_after_ms"] or 1000) / 1000)
            elif said["outcome"] == "require_approval" and said["approval"]:
                approval_id = said["approval"]["id"]
                status, answer = self.interlock.call("GET", f"/approvals/{approval_id}?wait_s=55", timeout_s=65)
                while status == 200 and answer["status"] == "pending" and not self.over:
                    status, answer = self.interlock.call("GET", f"/approvals/{approval_id}?wait_s=55", timeout_s=65)
            else:
                raise Refused(said["message"], said["stop_reason"] or "tool_denied", said["code"])

    def told(self, decision, **result):
        """What came of an allow. Where it says stop, the run is over."""
        body = {**result, "lease_token": self.lease["token"]}
        status, said = self.interlock.call("POST", f"/decisions/{decision['decision_id']}/result", body)
        if status == 200 and said["next"] == "stop":
            self.over = Refused(f"Interlock says stop: {said['stop_reason']}", said["stop_reason"], said.get("code") or "stopped")

    def tool(self, name, args, execute, effect="write", **question):
        """Calls `execute(args)` if it may be called. A write that happened before is not done again: its answer comes back."""
        decision = self.ask("tool", tool=name, args=args, effect=effect, **question)
        if decision["outcome"] == "replay":
            return (decision["replay"] or {}).get("result")
        began = time.monotonic()
        try:
            result = execute(args)
        except Exception as error:
            http = getattr(error, "code", None)
            self.told(
                decision,
                status="timeout" if isinstance(error, TimeoutError) else "error",
                error={"type": type(error).__name__, "message": str(error)[:4000]},
                latency_ms=(time.monotonic() - began) * 1000,
                **({"http_status": http} if isinstance(http, int) else {}),
            )
            raise
        self.told(decision, status="ok", result=result, latency_ms=(time.monotonic() - began) * 1000)
        if self.over:
            raise self.over
        return result

    def __exit__(self, kind, error, _):
        self.ended.set()
        reason = "success" if error is None else getattr(error, "stop_reason", "internal_error")
        body = {
            "stop_reason": reason,
            "instance_id": self.interlock.instance_id,
            "lease_token": self.lease["token"],
            **({} if error is None else {"error": {"type": kind.__name__, "message": str(error)[:4000]}}),
        }
        self.interlock.call("POST", f"/runs/{self.run_id}/finish", body)
        return False
