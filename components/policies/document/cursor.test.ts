import { describe, expect, it } from "vitest";
import { spotAt } from "./cursor";
import { lineOf, positionOf } from "./position";
import { refused } from "./problems";
import { bodyOf, convert, parseText, withKey } from "./text";

/** `|` is the cursor. */
const at = (text: string, format: "yaml" | "json" = "yaml") => spotAt(text.replace("|", ""), text.indexOf("|"), format);

describe("where the cursor stands", () => {
  it("is a key of the document, of a map, of a map in one line", () => {
    expect(at("policy_id: a\nbud|\n")).toMatchObject({ kind: "key", path: [], taken: ["policy_id"] });
    expect(at("loop_detection:\n  repeated_calls_threshold: 3\n  no_|\non_stale: stop\n")).toMatchObject({
      kind: "key",
      path: ["loop_detection"],
      taken: ["repeated_calls_threshold"],
    });
    expect(at("budgets:\n  |\n")).toMatchObject({ kind: "key", path: ["budgets"] });
    expect(at("tools: { retries: { max| } }\n")).toMatchObject({ kind: "key", path: ["tools", "retries"] });
    expect(at("agent:\n  budgets:\n    max|\n")).toMatchObject({ kind: "key", path: ["agent", "budgets"] });
  });
  it("is a value of a key, an item of a list, a key of an item", () => {
    expect(at("state: en|\n")).toMatchObject({ kind: "value", path: ["state"] });
    expect(at("tools:\n  allow: [search.read, kb|]\n")).toMatchObject({ kind: "value", path: ["tools", "allow", 1] });
    expect(at("conditions:\n  - tool: x\n    th|\n")).toMatchObject({ kind: "key", path: ["conditions", 0] });
    expect(at("conditions:\n  - tool: x\n    then: d|\n")).toMatchObject({ path: ["conditions", 0, "then"] });
  });
  it("is found where the text is broken elsewhere", () => {
    const broken =
      "tools:\n  retries{ max: 2, b: [1, 2] }\nloop_detection:\n  no_progress_threshold: 6\n  ex|\non_stale: stop\n";
    expect(at(broken)).toMatchObject({ kind: "key", path: ["loop_detection"] });
  });
  it("is found in JSON", () => {
    expect(at('{\n  "budgets": { "max|" }\n}', "json")).toMatchObject({ kind: "key", path: ["budgets"] });
    expect(at('{\n  "state": "en|"\n}', "json")).toMatchObject({ kind: "value", path: ["state"] });
    expect(at('{\n  "tools": { "allow": ["a", "|"] }\n}', "json")).toMatchObject({ path: ["tools", "allow", 1] });
  });
});

describe("where a path stands", () => {
  const text = "tools:\n  timeouts_s:\n    default: 10\n    search.read: 5\n  allow:\n    - a\n    - b\n";
  it("takes the longest name that fits", () => {
    expect(lineOf(text, positionOf(text, "tools.timeouts_s.search.read")?.from ?? 0)).toBe(4);
    expect(lineOf(text, positionOf(text, "tools.allow[1]")?.from ?? 0)).toBe(7);
  });
  it("stops at the last part that is there, and looks under agent", () => {
    expect(lineOf(text, positionOf(text, "tools.allow[9]")?.from ?? 0)).toBe(5);
    expect(positionOf(`agent:\n  ${text.replaceAll("\n", "\n  ")}`, "tools.allow")).not.toBeNull();
    expect(positionOf(text, "nothing.here")).toBeNull();
  });
});

describe("the text", () => {
  it("says its state anew and keeps its comments", () => {
    expect(withKey("policy_id: a # ours\nstate: draft # for now\n", "yaml", "state", "enforce")).toBe(
      "policy_id: a # ours\nstate: enforce # for now\n",
    );
    expect(withKey("policy_id: a\non_stale: stop\n", "yaml", "state", "observe")).toBe(
      "policy_id: a\nstate: observe\non_stale: stop\n",
    );
    expect(JSON.parse(withKey('{ "policy_id": "a" }', "json", "state", "draft"))).toEqual({
      policy_id: "a",
      state: "draft",
    });
  });
  it("binds anew and keeps the rest as it was written", () => {
    const anew = (text: string, format: "yaml" | "json" = "yaml") =>
      withKey(text, format, "bindings", [{ agent_id: "b*" }]);
    expect(anew("policy_id: a # ours\nbindings:\n  - agent_id: a\n  - tenant_id: t\ntools:\n  allow: [a]\n")).toBe(
      "policy_id: a # ours\nbindings: [{ agent_id: b* }]\ntools:\n  allow: [a]\n",
    );
    expect(anew("bindings: []\n# why\non_stale: stop\n")).toBe("bindings: [{ agent_id: b* }]\n# why\non_stale: stop\n");
    expect(anew('{"bindings": [], "on_stale": "stop"}', "json")).toBe(
      '{"bindings": [{"agent_id":"b*"}], "on_stale": "stop"}',
    );
  });
  it("is the same document in the other notation", () => {
    const yaml = "tools:\n  allow: [a, b]\n";
    expect(JSON.parse(convert(yaml, "json"))).toEqual({ tools: { allow: ["a", "b"] } });
    expect(bodyOf({ agent: { on_stale: "stop" }, policy_id: "a" })).toEqual({ policy_id: "a", on_stale: "stop" });
  });
  it("says where it cannot be read", () => {
    expect(parseText("a: [1, 2\nb: 3\n", "yaml")).toMatchObject({ ok: false });
    expect(parseText('{ "a": 1, }', "json")).toMatchObject({ ok: false });
    expect(parseText("- a\n", "yaml")).toMatchObject({ ok: false, message: "A policy is a map of keys." });
  });
  it("shows what was refused at its place, with the key that was meant", () => {
    const said = { path: "tools.retry", message: "Unknown key. Did you mean retries?" };
    expect(refused("tools:\n  retry: {}\n", [said])).toMatchObject([{ from: 9, to: 14, fix: { insert: "retries" } }]);
    expect(refused('{"tools":{"retry":{}}}', [said])).toMatchObject([{ from: 10, fix: { insert: '"retries"' } }]);
    expect(refused("a: 1\n", [{ path: "", message: "No." }])).toMatchObject([{ from: 0, title: "The document" }]);
  });
});
