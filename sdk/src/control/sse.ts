export type ServerEvent = { event: string; data: string; comment: string };

/** Server-sent events of a body, comments included: they say how fresh the server's own knowledge is. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true }).replaceAll("\r\n", "\n");
      for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
        yield read(rest.slice(0, end));
        rest = rest.slice(end + 2);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function read(block: string): ServerEvent {
  const one = { event: "", data: "", comment: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith(":")) one.comment += line.slice(1);
    else if (line.startsWith("event:")) one.event = line.slice(6).trim();
    else if (line.startsWith("data:")) one.data += line.slice(5).trimStart();
  }
  return one;
}
