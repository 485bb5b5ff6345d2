const MODULE = "^lib/(?!platform/|http/)([^/]+)/";
const DOOR = "/(index|schema)\\.ts$";
const TEST = "(\\.test\\.ts$|^lib/http/tests/|^lib/[^/]+/fixtures/)";
const rule = (name, from, to) => ({ name, severity: "error", from, to });

/** The import map of the house. Each rule is one sentence; docs/layout.md says why. */
module.exports = {
  forbidden: [
    rule("no-cycles", {}, { circular: true, dependencyTypesNot: ["type-only"] }),
    rule(
      "platform-knows-no-product",
      { path: "^lib/platform/" },
      { path: ["^app/", "^components/", "^lib/http/", MODULE] },
    ),
    rule(
      "modules-know-no-transport",
      { path: MODULE, pathNot: TEST },
      { path: ["^app/", "^components/", "^lib/http/", "^server"] },
    ),
    rule("modules-meet-at-the-door", { path: MODULE, pathNot: TEST }, { path: MODULE, pathNot: ["^lib/$1/", DOOR] }),
    // tenancy · fleet · runs < controls < budgets · approvals < policies < decisions; controls < alerts < detectors < failures < incidents; config above them all
    rule(
      "what-acts-knows-nothing-of-what-watches",
      {
        path: "^lib/(tenancy|fleet|runs|audit|controls|budgets|approvals|policies|decisions|notifications)/",
        pathNot: TEST,
      },
      { path: "^lib/(alerts|detectors|failures|incidents|readiness)/" },
    ),
    rule(
      "alerts-know-no-detectors",
      { path: "^lib/alerts/", pathNot: TEST },
      { path: "^lib/(detectors|failures|incidents|readiness)/" },
    ),
    rule(
      "detectors-know-no-inventory",
      { path: "^lib/detectors/", pathNot: TEST },
      { path: "^lib/(failures|incidents|readiness)/" },
    ),
    rule(
      "the-inventory-knows-no-incidents",
      { path: "^lib/failures/", pathNot: TEST },
      { path: "^lib/(incidents|readiness)/" },
    ),
    rule(
      "incidents-know-no-launch",
      { path: "^lib/incidents/", pathNot: TEST },
      { path: "^lib/(readiness|evaluations|config)/" },
    ),
    rule(
      "readiness-stands-above-what-it-judges",
      { path: "^lib/readiness/", pathNot: TEST },
      { path: "^lib/(approvals|decisions|incidents|config|audit)/" },
    ),
    rule(
      "lower-modules-do-not-look-up",
      { path: "^lib/(tenancy|fleet|runs|audit)/", pathNot: TEST },
      { path: "^lib/(controls|budgets|approvals|policies|decisions|config)/" },
    ),
    rule(
      "notifications-know-platform-and-tenancy",
      { path: "^lib/notifications/", pathNot: TEST },
      { path: "^lib/(?!platform/|tenancy/|notifications/)[^/]+/" },
    ),
    rule(
      "evaluations-know-runs-and-notifications",
      { path: "^lib/evaluations/", pathNot: TEST },
      { path: "^lib/(?!platform/|tenancy/|fleet/|runs/|notifications/|evaluations/)[^/]+/" },
    ),
    rule(
      "controls-know-no-policies",
      { path: "^lib/controls/", pathNot: TEST },
      { path: "^lib/(budgets|approvals|policies|decisions)/" },
    ),
    rule(
      "budgets-and-approvals-know-no-policies",
      { path: "^lib/(budgets|approvals)/", pathNot: TEST },
      { path: "^lib/(policies|decisions)/" },
    ),
    rule("policies-know-no-decisions", { path: "^lib/policies/", pathNot: TEST }, { path: "^lib/decisions/" }),
    rule(
      "tenancy-fleet-and-audit-know-no-runs",
      { path: "^lib/(tenancy|fleet|audit)/", pathNot: TEST },
      { path: "^lib/runs/" },
    ),
    rule(
      "everyone-else-uses-the-door",
      { path: "^(app|worker|server|lib/http)/", pathNot: TEST },
      { path: MODULE, pathNot: DOOR },
    ),
    rule(
      "only-stores-hold-the-database",
      {
        pathNot: [
          "^lib/platform/",
          "^lib/[^/]+/store\\.ts$",
          "^lib/[^/]+/store/",
          TEST,
          "^(e2e|bench|prisma|server|worker)/",
        ],
      },
      { path: "^lib/platform/db/", dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "components-take-schemas-only",
      { path: "^components/" },
      { path: ["^app/", "^lib/"], pathNot: ["^lib/[^/]+/schema\\.ts$", "^lib/runs/stop-reasons\\.ts$"] },
    ),
    rule(
      "the-browser-never-reaches-the-database",
      { path: "^components/" },
      { path: "^lib/platform/db/", reachable: true },
    ),
    rule("the-sdk-stands-alone", { path: "^sdk/src/" }, { path: "^(app|components|lib|server|worker|scripts)/" }),
    rule(
      "the-product-does-not-use-the-sdk",
      { path: "^(app|components|lib|server|worker)/", pathNot: TEST },
      { path: "^sdk/" },
    ),
    rule("product-does-not-use-the-demo", { path: "^(app|components|lib|server|worker)/" }, { path: "^demo/" }),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|prisma/generated)" },
  },
};
