import { expect, it } from "vitest";
import { matchCommands } from "./commands";

const groups = [
  {
    label: "Act",
    actions: [{ label: "Stop agent triage-bot…", detail: "17 runs" }, { label: "Safe mode for triage-bot…" }],
  },
  { label: "Go to", actions: [{ label: "Runs", keywords: ["traces"] }, { label: "Triage board" }] },
];
const labels = (query: string) =>
  matchCommands(groups, query).flatMap((group) => group.actions.map((action) => action.label));

it("shows everything while nothing is typed", () => expect(labels(" ")).toHaveLength(4));
it("needs every word, anywhere", () => expect(labels("triage stop")).toEqual(["Stop agent triage-bot…"]));
it("looks into keywords and details", () => {
  expect(labels("trace")).toEqual(["Runs"]);
  expect(labels("17")).toEqual(["Stop agent triage-bot…"]);
});
it("drops groups without a fit", () =>
  expect(matchCommands(groups, "traces").map((group) => group.label)).toEqual(["Go to"]));
