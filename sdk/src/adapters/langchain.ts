import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ClientTool, ServerTool } from "@langchain/core/tools";
import type { AgentMiddleware } from "langchain";
import { InvalidRequest } from "../index.js";
import type { Gate, GateOptions } from "./gate.js";
import type { ModelFacts } from "./langchain/inner.js";
import { Models } from "./langchain/model.js";
import { GraphGate, gatedTool, isError, stranger } from "./langchain/tool.js";

export type { GateOptions } from "./gate.js";
export type { Calling } from "./langchain/tool.js";

export type LangChainGateOptions = GateOptions & ModelFacts;

/** How LangChain knows a middleware; the same in every copy of it. */
const BRAND = Symbol.for("AgentMiddleware");

/**
 * A middleware for `createAgent({ middleware: [gate()] })`: each turn of the model and each call of a tool asks first.
 * Give it as the last one: what stands before it in the list, such as a retry or a fallback, then asks for each attempt.
 */
export function gate(how: LangChainGateOptions = {}): AgentMiddleware {
  const own = new GraphGate(how);
  const wrapModelCall: AgentMiddleware["wrapModelCall"] = async (request, handler) => {
    const models = new Models(own, how);
    const model = models.gated(request.model);
    const answer = await handler({ ...request, model });
    if (model !== request.model && models.answers === 0) throw passedBy(own, "the model");
    return answer;
  };
  const wrapToolCall: AgentMiddleware["wrapToolCall"] = async (request, handler) => {
    const { tool, toolCall } = request;
    if (!tool) return stranger(toolCall);
    let asked = false;
    const gated = gatedTool(tool, own, how.ungated, () => {
      asked = true;
    });
    const answer = await handler({ ...request, tool: gated });
    if (gated !== tool && !asked && !isError(answer)) throw passedBy(own, toolCall.name);
    return answer;
  };
  return Object.assign(
    { name: "Interlock", wrapModelCall, wrapToolCall },
    { [BRAND]: true },
  ) as unknown as AgentMiddleware;
}

/** Something further in answered in the place of what asks: that is seen behind it only, so the run ends. */
function passedBy(own: Gate, what: string): InvalidRequest {
  const error = new InvalidRequest(
    `A middleware after the gate answered for ${what}, and nobody was asked: let gate() be the last one.`,
    0,
  );
  own.run.abandon(error);
  return error;
}

/**
 * Tools for a graph of one's own, such as `new ToolNode(gateTools(tools))`: the same names and schemas, and each call asks first.
 * @throws InvalidRequest for a tool that the provider executes and `ungated` does not name
 */
export function gateTools<T extends readonly (ClientTool | ServerTool)[]>(tools: T, how: LangChainGateOptions = {}): T {
  const own = new GraphGate(how);
  return tools.map((tool) => gatedTool(tool, own, how.ungated)) as unknown as T;
}

/**
 * A chat model for a graph of one's own: each call of it is a turn that asks first, also through what is made of it by
 * `bindTools`, `withStructuredOutput`, `withConfig`, `withRetry` and `stream`.
 */
export function gateModel<M extends BaseChatModel>(model: M, how: LangChainGateOptions = {}): M {
  return new Models(new GraphGate(how), how).gated(model);
}
