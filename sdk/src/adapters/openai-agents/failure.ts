import { createCustomSpan, getCurrentTraceContext, NoopTrace, type Span, withTraceContext } from "@openai/agents";

type AnySpan = NonNullable<Parameters<typeof withTraceContext>[0]>["span"] & Span<never>;

/** What a tool said of its own failure: for the model to read, and no result. */
export class SaidFailure extends Error {
  constructor(readonly said: unknown) {
    super(typeof said === "string" ? said : "The tool answered with an error.");
    this.name = "ToolError";
  }
}

/**
 * The SDK turns what a tool throws into a text before anybody outside can see it. It marks the current span first: that
 * mark is read here, whether tracing is on or off.
 * @throws SaidFailure with the text
 */
export async function failing<T>(tool: string, work: () => Promise<T>): Promise<T> {
  let failed = false;
  const context = getCurrentTraceContext();
  const span = (context?.span ?? createCustomSpan({ data: { name: tool }, disabled: true })) as unknown as AnySpan;
  const watched = new Proxy(span, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== "function") return value;
      if (key !== "setError") return value.bind(target) as unknown;
      return (error: { data?: Record<string, unknown> }) => {
        if (error.data?.tool_name === tool) failed = true;
        return Reflect.apply(value, target, [error]) as unknown;
      };
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  const said = await withTraceContext({ trace: context?.trace ?? new NoopTrace(), span: watched }, work);
  if (failed) throw new SaidFailure(said);
  return said;
}
