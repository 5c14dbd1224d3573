// The states of workers, pools and leases in words and colours.
import { Badge, Group, Text, Tooltip } from "@mantine/core";
import { ppmText } from "@/lib/amounts";

export type Tone = "good" | "warn" | "bad" | "quiet";

const COLORS: Record<Tone, string> = { good: "teal", warn: "orange", bad: "red", quiet: "gray" };

/** A state in a word; the colour only underlines it. */
export function Status({ tone, children, hint }: { tone: Tone; children: string; hint?: string }) {
  const badge = (
    <Badge
      variant="light"
      color={COLORS[tone]}
      radius="sm"
      tt="none"
      fw={600}
      styles={{ label: { color: `var(--khala-${tone})`, overflow: "visible" }, root: { flex: "none" } }}
      tabIndex={hint ? 0 : undefined}
    >
      {children}
    </Badge>
  );
  return hint ? <Tooltip label={hint}>{badge}</Tooltip> : badge;
}

/** What an owner takes, in millionths; a rise that was announced is beside it. */
export function Rate({ ppm, risePpm }: { ppm: number; risePpm: number | null | undefined }) {
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      {risePpm != null && (
        <Status tone="warn" hint={`A rise to ${ppmText(risePpm)} was announced.`}>
          rising
        </Status>
      )}
      <span>{ppmText(ppm)}</span>
    </Group>
  );
}

export interface WorkerState {
  tone: Tone;
  text: string;
  hint: string;
}

/** States as the indexer and the chain name them. */
export const WORKER_STATES: Record<string, WorkerState> = {
  registered: { tone: "quiet", text: "Not in a pool", hint: "Registered. Add it to a pool to let it mine." },
  ready: { tone: "quiet", text: "Ready", hint: "In a pool, without a stake. Start it to let it mine." },
  idle: { tone: "good", text: "Mining", hint: "Answers challenges and earns." },
  offline: {
    tone: "bad",
    text: "Offline",
    hint: "A challenge was missed. It earns nothing and its value shrinks until its next sign of life.",
  },
  leaseLapsed: {
    tone: "bad",
    text: "Lease over",
    hint: "Its evidence has expired. It earns nothing until the relayer renews it; its value stays.",
  },
  maintenance: { tone: "warn", text: "Maintenance", hint: "Paused by its operator." },
  rebinding: { tone: "warn", text: "New key", hint: "It has another key and was not heard of with it yet." },
  coolingDown: {
    tone: "warn",
    text: "Cooling down",
    hint: "Stopped. Its stake comes back to the pool when the cool-down is over.",
  },
  gone: { tone: "quiet", text: "Retired", hint: "No longer registered." },
};

const UNKNOWN: WorkerState = { tone: "quiet", text: "Unknown", hint: "This console does not know this state yet." };

export function workerState(state: string, away?: string | null): WorkerState {
  return WORKER_STATES[state === "unresponsive" ? (away ?? "offline") : state] ?? UNKNOWN;
}

export function WorkerStatusBadge({ state, away }: { state: string; away?: string | null }) {
  const { tone, text, hint } = workerState(state, away);
  return (
    <Status tone={tone} hint={hint}>
      {text}
    </Status>
  );
}

const LEVEL_WORDS: Record<number, string> = {
  1: "Up to date: counts in full",
  2: "Software hardening needed: counts in full",
  3: "Configuration needed, all advisories allowed: counts in full",
  4: "Configuration needed, with other advisories: counts 0.8",
  5: "Out of date: counts 0.7",
};

export function Level({ level }: { level: number }) {
  return (
    <Text span size="sm" className="num" title={LEVEL_WORDS[level]} style={{ whiteSpace: "nowrap" }}>
      Level {level}
    </Text>
  );
}

const TCB: Record<string, { text: string; tone: Tone }> = {
  UpToDate: { text: "Up to date", tone: "good" },
  SWHardeningNeeded: { text: "Software hardening needed", tone: "warn" },
  ConfigurationNeeded: { text: "Configuration needed", tone: "warn" },
  ConfigurationAndSWHardeningNeeded: { text: "Configuration and software hardening needed", tone: "warn" },
  OutOfDate: { text: "Out of date", tone: "bad" },
  OutOfDateConfigurationNeeded: { text: "Out of date, configuration needed", tone: "bad" },
  TDRelaunchAdvised: { text: "Restart of the guest advised", tone: "warn" },
  TDRelaunchAdvisedConfigurationNeeded: { text: "Restart of the guest advised, configuration needed", tone: "warn" },
  Revoked: { text: "Revoked", tone: "bad" },
};

export function TcbStatus({ status }: { status: string }) {
  const known = TCB[status] ?? { text: "Unknown status", tone: "quiet" as const };
  return <Status tone={known.tone}>{known.text}</Status>;
}
