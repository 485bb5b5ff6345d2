import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { STOP_REASONS } from "../../runs/stop-reasons";
import { categoryShape, GROUPS, slug } from "../schema";
import { CATEGORIES } from ".";
import { NAMED } from "./seeds";

const SLUGS = CATEGORIES.map((category) => category.slug);
const PRODUCT =
  "runaway_loop retry_storm tool_flapping no_progress cost_spike context_blowup context_drift memory_write_amplification memory_stale memory_poisoned memory_leak_across_tenants multi_agent_deadlock concurrency_collision double_run duplicate_side_effect checkpoint_corruption silent_tool_failure silent_success tool_timeout tool_rate_limited tool_auth_expired tool_schema_drift stale_data wide_tool_surface permission_explosion goal_drift prompt_injection wrong_answer no_observability watching_wrong_production untested_failure_path latency_spike refusal truncation".split(
    " ",
  );
const unique = (values: readonly string[]) => [...new Set(values)];
const sentence = /^\S(.*\S)?[.?!]$/s;

describe("the seeds", () => {
  test("whatever they name belongs to a category that exists", () => {
    expect(unique(NAMED.map((named) => named.category)).filter((name) => !SLUGS.includes(name))).toEqual([]);
  });

  test("each of the five is read, and nothing of one stands twice", () => {
    expect(unique(NAMED.map((named) => named.seed)).toSorted()).toEqual(["000", "001", "002", "003", "004"]);
    const said = NAMED.map((named) => `${named.seed} ${named.names}`);
    expect(said.filter((one, index) => said.indexOf(one) !== index)).toEqual([]);
  });

  test.each(CATEGORIES)("$slug quotes the seeds that name it, and no other", (category) => {
    const naming = NAMED.filter((named) => named.category === category.slug).map((named) => named.seed);
    expect(naming.length).toBeGreaterThan(0);
    expect(category.seeds.map((one) => one.seed)).toEqual(unique(naming).toSorted());
  });
});

describe("the catalogue", () => {
  test("holds every category the product promises, each once", () => {
    expect(PRODUCT.filter((name) => !SLUGS.includes(name))).toEqual([]);
    expect(unique(SLUGS)).toHaveLength(SLUGS.length);
    expect(unique(CATEGORIES.map((category) => category.name))).toHaveLength(SLUGS.length);
  });

  test("stands in the order of its groups, none of them empty", () => {
    expect(unique(CATEGORIES.map((category) => category.group))).toEqual(GROUPS);
  });

  test("has a runbook for every stop reason", () => {
    const covered = unique(CATEGORIES.flatMap((category) => category.stop_reasons));
    expect(STOP_REASONS.filter((reason) => !covered.includes(reason))).toEqual([]);
  });

  test("lists the failures of single calls as such", () => {
    const group = CATEGORIES.filter((category) => category.group === "single_call");
    expect(unique(group.map((category) => category.regime))).toEqual(["single_call"]);
  });

  test("is told in its page, each category with its name", () => {
    const page = readFileSync(path.resolve(import.meta.dirname, "../../../docs/catalogue.md"), "utf8");
    const missing = CATEGORIES.filter((category) => !page.includes(`\`${category.slug}\` **${category.name}**`));
    expect(missing.map((category) => category.slug)).toEqual([]);
    const told = [...page.matchAll(/^- `([a-z_]+)` \*\*/gm)].map((found) => found[1]);
    expect(told).toEqual(SLUGS);
  });

  test.each(CATEGORIES)("$slug is whole", (category) => {
    expect(categoryShape.omit({ rules: true, measured: true }).strict().parse(category)).toEqual(category);
    expect(slug.safeParse(category.slug).success).toBe(true);
    expect(category.name).toMatch(/^[A-Z][^.]*$/);
    expect(unique(category.stop_reasons)).toHaveLength(category.stop_reasons.length);
    const { first, then: further, verify } = category.runbook;
    expect(further.length).toBeGreaterThanOrEqual(2);
    expect(further.length).toBeLessThanOrEqual(4);
    const texts = [category.symptom, category.cause, category.impact, category.prediction];
    const told = [...texts, ...first, ...further, verify, ...category.seeds.map((one) => one.says)];
    for (const text of [...told, ...(category.cannot_tell === null ? [] : [category.cannot_tell])])
      expect(text).toMatch(sentence);
    for (const move of first) expect(move.length).toBeLessThanOrEqual(130);
  });
});
