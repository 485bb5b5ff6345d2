// @ts-check
/**
 * Server-sent events of a body, comments included: they say how fresh the server's knowledge is.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ event: string, data: string, comment: string }>}
 */
export async function* events(body) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of /** @type {any} */ (body)) {
    rest += decoder.decode(chunk, { stream: true });
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const one = { event: "", data: "", comment: "" };
      for (const line of rest.slice(0, end).split("\n")) {
        if (line.startsWith(":")) one.comment += line.slice(1);
        else if (line.startsWith("event: ")) one.event = line.slice(7);
        else if (line.startsWith("data: ")) one.data += line.slice(6);
      }
      rest = rest.slice(end + 2);
      yield one;
    }
  }
}
