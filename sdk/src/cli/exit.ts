/** Exit codes, as `interlock help` and docs/cli.md list them. */
export const EXIT = {
  done: 0,
  /** Interlock said no, or what was named is not there. */
  refused: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** It answered, and not all is as it should be: somebody has not obeyed, a check failed, a golden task ended otherwise. */
  notRight: 3,
  /** Nobody answered. */
  unreachable: 4,
} as const;

export class Exit extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
  }
}
