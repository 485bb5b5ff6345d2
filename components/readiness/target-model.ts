import type { MarkerKind, TargetShape } from "@/lib/readiness/schema";

export type FormValues = {
  slug: string;
  name: string;
  url: string;
  kind: MarkerKind;
  markerName: string;
  markerValue: string;
  agents: string[];
  deploymentEnv: string;
  intervalS: number | string;
  silentMin: number | string;
};
export const NEW_TARGET: FormValues = {
  slug: "",
  name: "",
  url: "",
  kind: "header",
  markerName: "",
  markerValue: "",
  agents: [],
  deploymentEnv: "",
  intervalS: 300,
  silentMin: 60,
};

export const slugFor = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 100);

export const fromTarget = (t: TargetShape): FormValues => ({
  slug: t.slug,
  name: t.name,
  url: t.url,
  kind: t.expected_marker.kind,
  markerName: t.expected_marker.name ?? "",
  markerValue: t.expected_marker.value,
  agents: t.agent_ids,
  deploymentEnv: t.service.deployment_env ?? "",
  intervalS: t.interval_s,
  silentMin: t.silent_after_s / 60,
});

export const toBody = (v: FormValues) => ({
  name: v.name,
  url: v.url.trim(),
  expected_marker: {
    kind: v.kind,
    ...(v.kind === "body" ? {} : { name: v.markerName.trim() }),
    value: v.markerValue,
  },
  agent_ids: v.agents,
  service: { deployment_env: v.deploymentEnv.trim() || null },
  interval_s: Number(v.intervalS),
  silent_after_s: Math.round(Number(v.silentMin) * 60),
});

const FIELDS: Record<string, string> = {
  "expected_marker.name": "markerName",
  "expected_marker.value": "markerValue",
  "service.deployment_env": "deploymentEnv",
  interval_s: "intervalS",
  silent_after_s: "silentMin",
};
/** `expected_marker.name` is the field `markerName`. */
export const fieldOf = (path: string): string => FIELDS[path] ?? path.replace(/^agent_ids.*/, "agents");
