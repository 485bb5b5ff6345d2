import { expect, it } from "vitest";
import { FAMILIES, FAMILY_LABELS, STOP_REASON_CODES, stopReasonFamily, stopReasonLabel } from "./stop-reasons";

it("knows the closed list of the contract, once each", () => {
  expect(STOP_REASON_CODES).toHaveLength(25);
  expect(new Set(STOP_REASON_CODES.map(stopReasonLabel)).size).toBe(25);
});

it("puts every reason in a family that the legend shows", () => {
  for (const code of STOP_REASON_CODES) expect(FAMILIES).toContain(stopReasonFamily(code));
  for (const family of FAMILIES) expect(FAMILY_LABELS[family]).not.toBe("");
});

it("never takes an unknown reason for a success", () => {
  expect(stopReasonFamily("new_reason")).toBe("system");
  expect(stopReasonFamily("toString")).toBe("system");
  expect(stopReasonLabel("new_reason")).toBe("new reason");
});
