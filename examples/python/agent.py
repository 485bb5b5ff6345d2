"""An agent in Python without any package: interlock.py beside it is all it needs."""

from interlock import Interlock


def kb_search(args):
    return {"title": f"About {args['query']}", "text": "Restart it."}


def ticket_create(args):
    return {"id": "T-1", "title": args["title"]}


with Interlock("example-python").run(goal="Somebody cannot log in") as run:
    run.ask("step", step=1)
    found = run.tool("kb_search", {"query": "login"}, kb_search, effect="read")
    run.ask("step", step=2)
    made = run.tool("ticket_create", {"title": found["title"]}, ticket_create)

print(f"done: success {made['id']}")
