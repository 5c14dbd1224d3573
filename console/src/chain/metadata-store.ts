// The chain's types, kept in the browser: they are large, and the same until the runtime changes.

const STORE = "khala-metadata";
/** An address that no page has; the code's hash tells one runtime from another. */
const keyOf = (codeHash: string) => `/metadata/${encodeURIComponent(codeHash)}`;

/** What was kept for a runtime; null when there is nothing, or the browser keeps nothing. */
export async function keptMetadata(codeHash: string): Promise<Uint8Array | null> {
  try {
    const kept = await (await caches.open(STORE)).match(keyOf(codeHash));
    return kept ? new Uint8Array(await kept.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

/** Keeps the types of a runtime in the place of those before. */
export async function keepMetadata(codeHash: string, metadata: Uint8Array): Promise<void> {
  try {
    await caches.delete(STORE);
    await (await caches.open(STORE)).put(keyOf(codeHash), new Response(metadata.slice()));
  } catch {
    // Private windows and plain HTTP keep nothing; the next visit asks the node again.
  }
}
