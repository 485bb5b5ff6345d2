export type Id = string | number;
/** One JSON-RPC message of MCP: a request, a notification or an answer. */
export type Message = {
  jsonrpc: "2.0";
  id?: Id | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
};
export type Request = Message & { id: Id; method: string };
export type Answer = Message & { id: Id };

/** Where messages go. `context` is what came with the message that it belongs to; `about` is the client's request that it serves. */
export type Ends = {
  toClient: (message: Message, context?: unknown, about?: Id) => Promise<void> | void;
  toServer: (message: Message, context?: unknown) => Promise<void> | void;
};

export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: unknown): value is Id => typeof value === "string" || typeof value === "number";

/** @returns null where it is no message. Only what JSON-RPC names is kept: nobody further on may read another method than the gate did. */
export function messageOf(value: unknown): Message | null {
  if (!isObject(value)) return null;
  const { id, method, params, result, error } = value;
  if (id !== undefined && id !== null && !isId(id)) return null;
  if (params !== undefined && !isObject(params)) return null;
  const head = { jsonrpc: "2.0" as const, ...(id === undefined ? {} : { id }) };
  if (typeof method === "string") return { ...head, method, ...(params ? { params } : {}) };
  if (method !== undefined || id === undefined) return null;
  if (isObject(error) && typeof error.code === "number")
    return { ...head, error: { code: error.code, message: String(error.message ?? ""), ...dataOf(error) } };
  return result === undefined ? null : { ...head, result };
}
const dataOf = (error: Record<string, unknown>) => (error.data === undefined ? {} : { data: error.data });

export const isRequest = (m: Message): m is Request => m.method !== undefined && isId(m.id);
export const isAnswer = (m: Message): m is Answer => m.method === undefined && isId(m.id);

export const answered = (id: Id, result: unknown): Message => ({ jsonrpc: "2.0", id, result });
export const failed = (id: Id | null, code: number, message: string, data?: unknown): Message => ({
  jsonrpc: "2.0",
  id,
  error: { code, message, ...(data === undefined ? {} : { data }) },
});
export const notice = (method: string, params?: Record<string, unknown>): Message => ({
  jsonrpc: "2.0",
  method,
  ...(params ? { params } : {}),
});

/** The other side answered with an error of the protocol: handed on as it is. */
export class RpcError extends Error {
  constructor(readonly error: NonNullable<Message["error"]>) {
    super(error.message);
    this.name = "RpcError";
  }
  /** There is no such method: nothing was done. */
  get nothingDone(): boolean {
    return this.error.code === METHOD_NOT_FOUND;
  }
}
