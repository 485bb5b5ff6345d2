import type { FunctionTool, MCPServer } from "@openai/agents";
import { InvalidRequest } from "../../index.js";
import { type Gate, refusal } from "../gate.js";
import { SaidFailure } from "./failure.js";
import { approvalOf, calling } from "./tool.js";

type Call = MCPServer["callTool"];
type CallResult = NonNullable<MCPServer["callToolResult"]>;

/** The SDK makes function names of the tools' names. */
const plain = (name: string): string => name.replaceAll(/[^\w-]/g, "_");

/** A local MCP server whose calls ask first; its tools are named as the server names them. */
export class GatedServer {
  readonly names = new Map<string, string>();
  readonly server: MCPServer;
  constructor(
    readonly gate: Gate,
    server: MCPServer,
  ) {
    const own: Partial<MCPServer> = {
      listTools: async () => {
        const tools = await server.listTools();
        for (const { name } of tools) this.names.set(plain(name), name);
        return tools;
      },
      callTool: this.#gated<Call>(server.callTool.bind(server), (text) => [text]),
      ...(server.callToolResult
        ? {
            callToolResult: this.#gated<CallResult>(server.callToolResult.bind(server), (text) => ({
              content: [text],
              isError: true,
            })),
          }
        : {}),
    };
    this.server = new Proxy(server, {
      get: (target, key) => {
        if (Object.hasOwn(own, key)) return own[key as keyof MCPServer];
        const value = Reflect.get(target, key, target) as unknown;
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #gated<F extends Call | CallResult>(
    call: F,
    denied: (text: { type: "text"; text: string }) => Awaited<ReturnType<F>>,
  ): F {
    const gated = async (...[name, args, meta, options]: Parameters<F>) => {
      const outcome = await calling(this.gate, name, args ?? {}, options?.signal, async (signal) => {
        const answer = (await call(name, args, meta, { ...options, signal })) as Awaited<ReturnType<F>>;
        if ((answer as { isError?: boolean }).isError === true) throw new SaidFailure(answer);
        return answer;
      });
      if (outcome.ok) return outcome.data;
      const { cause } = outcome.error;
      if (cause instanceof SaidFailure) return cause.said as Awaited<ReturnType<F>>;
      return denied({ type: "text", text: refusal(outcome.error) });
    };
    return gated as unknown as F;
  }
}

/** In native mode: the function tools that the SDK made of the servers' tools ask beforehand. */
export function asking(tools: FunctionTool[], servers: GatedServer[], gate: Gate): FunctionTool[] {
  if (gate.options.approval !== "native") return tools;
  return tools.map((tool) => {
    const server = servers.find((one) => one.names.has(plain(tool.name)));
    if (!server) throw new InvalidRequest(`No MCP server of this agent has listed ${tool.name}.`, 0);
    // In place: the SDK knows these tools by their identity.
    return Object.assign(tool, approvalOf(tool, gate, server.names.get(plain(tool.name))));
  });
}
