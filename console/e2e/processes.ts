// Programs that a test starts and ends.
import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

export interface Program {
  name: string;
  child: ChildProcess;
  /** All that it has said so far. */
  said: () => string;
  stop: () => Promise<void>;
}

export function start(
  name: string,
  command: string,
  args: string[],
  logs: string,
  env: Record<string, string> = {},
): Program {
  const log = `${logs}/${name}.log`;
  writeFileSync(log, "");
  let text = "";
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const keep = (chunk: Buffer) => {
    text += chunk.toString();
    appendFileSync(log, chunk);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(`${command} could not be started: ${error.message}\n`)));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    name,
    child,
    said: () => text,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
