import { z } from "zod";
import { STATUS } from "../platform/errors";
import type { Endpoint } from "./endpoint";

type Json = Record<string, unknown>;
const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  }) as Json;
  return rest;
};

const problem: Json = {
  type: "object",
  required: ["type", "title", "status", "detail", "code", "trace_id"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string", enum: Object.keys(STATUS) },
    trace_id: { type: "string" },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "message"],
        properties: { path: { type: "string" }, message: { type: "string" } },
      },
    },
  },
};

function operation({ method, path, summary, tag, input, output, status = 200, open }: Endpoint): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? "");
  const whole = schemaOf(input, "input") as { properties?: Json; required?: string[] };
  const rest = Object.entries(whole.properties ?? {}).filter(([name]) => !inPath.includes(name));
  const required = (whole.required ?? []).filter((name) => !inPath.includes(name));
  const parameters = inPath.map((name) => ({
    name,
    in: "path",
    required: true,
    schema: whole.properties?.[name] ?? { type: "string" },
  }));
  const query =
    method === "get"
      ? rest.map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }))
      : [];
  const body = method !== "get" && rest.length > 0;
  const json = (schema: Json) => ({ "application/json": { schema } });
  return {
    summary,
    tags: [tag],
    operationId: `${method}_${path.replace(/[{}]/g, "").replaceAll("/", "_").replace(/^_/, "")}`,
    ...(open ? { security: [] } : {}),
    parameters: [...parameters, ...query],
    ...(body
      ? {
          requestBody: {
            required: required.length > 0,
            content: json({ ...whole, properties: Object.fromEntries(rest), required }),
          },
        }
      : {}),
    responses: {
      [status]: {
        description: "Done.",
        ...(status === 204 ? {} : { content: json(output ? schemaOf(output, "output") : {}) }),
      },
      default: {
        description: "Why not.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

/** The whole API as OpenAPI 3.1, made of the schemas that the code validates with. */
export function openapi(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = `/api/v1${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Interlock", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", bearerFormat: "ilk_…" } },
      schemas: { Problem: problem },
    },
  };
}
