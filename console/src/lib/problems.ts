/** A problem that is meant to be read: what, why, what to do. */
export class Problem extends Error {}

/** What went wrong, as a sentence for a person. */
export function problemText(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  if (/failed to fetch|networkerror|load failed/i.test(message)) {
    return "The service does not answer. Check that the indexer runs and that you are online; this page tries again by itself.";
  }
  return (
    message ||
    "Something went wrong, and nothing says what. Reload the page; if it stays, tell the operator of this console."
  );
}
