import { exportConfig, importConfig, tryImport } from "../../config";
import { changesShape, nothing } from "../../config/schema";
import { readBody } from "../body";
import { type Endpoint, Reply } from "../endpoint";
import { formatOf } from "./policies";

const tag = "configuration";
const MAX_FILE = 4 * 1024 * 1024;

export const configRoutes: Endpoint[] = [
  {
    method: "get",
    path: "/export",
    tag,
    summary: "The whole configuration of the environment as one YAML file",
    input: nothing,
    run: async (ctx) => {
      const { text } = await exportConfig(ctx, {});
      return new Reply(200, text, {
        "content-type": "application/yaml",
        "content-disposition": 'attachment; filename="interlock.yaml"',
      });
    },
  },
  {
    method: "post",
    path: "/import",
    tag,
    summary: "Apply such a file; ?dry_run=true says what would change",
    input: nothing,
    output: changesShape,
    raw: true,
    tells: [
      "policies",
      "budgets",
      "controls",
      "settings",
      "failures",
      "notifications",
      "readiness",
      "evaluations",
      "audit",
    ],
    run: async (ctx, input, call) => {
      formatOf(call);
      const text = (await readBody(call.env.incoming, MAX_FILE)).toString("utf8");
      return input.dry_run === "true" ? tryImport(ctx, { text }) : importConfig(ctx, { text });
    },
  },
];
