const HEARD_MS = 5_000;

/** An open stream is an instance that is there: it counts as heard while its socket lives. @returns stop */
export function keepHeard(mark: () => void): () => void {
  mark();
  const timer = setInterval(mark, HEARD_MS);
  return () => clearInterval(timer);
}
