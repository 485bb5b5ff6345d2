import { InvalidRequest } from "../../index.js";

/** How providers write a tool that the client executes. Everything else, the provider does by itself. */
const CLIENT = ["function", "custom"];
const DEFINITIONS = [
  "function",
  "functionDeclarations",
  "function_declarations",
  "toolSpec",
  "input_schema",
  "parameters",
  "schema",
];

/** Tools that the provider executes never come to the gate. @throws InvalidRequest naming the first that is not in `ungated` */
export function refuseHosted(tools: unknown, ungated: string[] = []): void {
  if (!Array.isArray(tools)) return;
  for (const tool of tools as Record<string, unknown>[]) {
    if (typeof tool !== "object" || tool === null || "lc_runnable" in tool) continue;
    const ours = typeof tool.type === "string" ? CLIENT.includes(tool.type) : DEFINITIONS.some((key) => key in tool);
    const name = String(tool.name ?? tool.type ?? Object.keys(tool)[0]);
    if (ours || ungated.includes(name)) continue;
    throw new InvalidRequest(
      `The tool ${name} cannot be held: the provider executes it. Leave it, or say \`ungated: ["${name}"]\`.`,
      0,
    );
  }
}
