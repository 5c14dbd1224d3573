// The indexer's HTTP interface, by its OpenAPI document. It is served by the host that serves this page.
import createClient from "openapi-fetch";
import { Problem } from "@/lib/problems";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export const API_BASE = "/api/v1";

const client = createClient<paths>({ baseUrl: API_BASE });
export const get = client.GET;

/** The answer, or the service's problem as one sentence. What may come as CSV too is only ever asked for as JSON here. */
export async function answered<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Exclude<T, string>> {
  const { data, error, response } = await asked;
  if (data !== undefined && typeof data !== "string" && response.ok) return data as Exclude<T, string>;
  throw new NotAnswered(response.status, wordsOf(error, response.status));
}

/** An answer that is not what was asked for. */
export class NotAnswered extends Problem {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function wordsOf(error: unknown, status: number): string {
  if (typeof error === "object" && error !== null && "what" in error && "why" in error && "advice" in error) {
    const { what, why, advice } = error as Record<"what" | "why" | "advice", string>;
    const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
    return `${sentence(what)}: ${why}. ${sentence(advice)}.`;
  }
  return status >= 500
    ? "The indexer, which keeps lists and history, does not answer. Live numbers go on; this page tries again by itself."
    : `The indexer answered in a way that this console does not understand (status ${status}). Load the page again.`;
}

/** Where a list can be had as a CSV file. */
export function csvUrl(path: string, query: Record<string, string | number | boolean | undefined>): string {
  const parameters = new URLSearchParams({ format: "csv" });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") parameters.set(name, String(value));
  }
  return `${API_BASE}${path}?${parameters}`;
}
