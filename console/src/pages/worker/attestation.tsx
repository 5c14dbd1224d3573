import { Alert, Group, Progress, Skeleton, Text } from "@mantine/core";
import { useLeases, useWorker } from "@/api/queries";
import { type RegistrationStatus, useChainParameters } from "@/chain/queries";
import { Fact, Section } from "@/components/page";
import { Level, Status, TcbStatus } from "@/components/states";
import { Code, When } from "@/components/values";
import { levelFromChain } from "@/economics/chain";
import { numberText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";
import { useNow } from "@/lib/now";

const TEES: Record<string, string> = { Sgx: "Intel SGX", Tdx: "Intel TDX" };
/** A lease that is shorter than this should have been renewed. */
const SOON_PART = 0.25;

/** What is known of the worker's hardware and code, and for how long it counts. */
export function Attestation({
  worker,
  registration,
}: {
  worker: string;
  registration: RegistrationStatus | undefined;
}) {
  const indexed = useWorker(worker).data?.attestation;
  const renewed = useLeases({ worker, limit: 1 }).data?.items[0];
  if (!registration) {
    return (
      <Section title="Attestation" term="tee">
        <Skeleton height={380} />
      </Section>
    );
  }
  const { tee, tcb_status, advisories, version } = registration;
  return (
    <Section title="Attestation" term="tee" description="What the chain verified of the worker's hardware and program.">
      <Lease endMs={Number(registration.lease_end_secs) * 1000} />
      {registration.refused && (
        <Alert
          color="red"
          variant="light"
          title="Its newest evidence was refused"
          my="sm"
          styles={{ title: { color: "var(--khala-bad)" } }}
        >
          <Text size="sm">{registration.refused}</Text>
        </Alert>
      )}
      <Fact term="tee" label="TEE">
        {TEES[tee.type] ?? "Unknown"}
      </Fact>
      <Fact term="confidence">
        <Level level={levelFromChain(registration.confidence_level)} />
      </Fact>
      <Fact term="tcb">
        <TcbStatus status={tcb_status.type} />
      </Fact>
      <Fact term="advisories">{advisories.length === 0 ? "none" : advisories.join(", ")}</Fact>
      <Fact term="measurement">
        <Group gap={6} justify="flex-end">
          {indexed?.measurementAllowed === true && <Status tone="good">allowed</Status>}
          {indexed?.measurementAllowed === false && <Status tone="bad">no longer allowed</Status>}
          <Code text={registration.measurement} label="the measurement" />
        </Group>
      </Fact>
      <Fact term="platform">
        <Code text={registration.platform_id} label="the platform's number" />
      </Fact>
      <Fact label="Processor family">
        <Text span ff="monospace" size="sm">
          {registration.fmspc}
        </Text>
      </Fact>
      <Fact term="version">{`${version.major}.${version.minor}.${version.patch}`}</Fact>
      <Fact term="renewals">{numberText(registration.renewals_left)}</Fact>
      <Fact term="operator">
        <Code text={registration.operator} label="the operator's address" />
      </Fact>
      {renewed && (
        <Fact label="Last judged">
          <When ms={renewed.timeMs} />
        </Fact>
      )}
    </Section>
  );
}

function Lease({ endMs }: { endMs: number }) {
  const now = useNow();
  const length = useLeaseLength();
  const left = Math.max(0, endMs - now);
  const part = length ? Math.min(1, left / length) : undefined;
  const isSoon = part !== undefined && part < SOON_PART;
  return (
    <div style={{ marginBottom: 8 }}>
      <Fact term="lease">
        {left === 0 ? <Status tone="bad">over</Status> : <span>{durationText(left / 1000)} left</span>}
      </Fact>
      {part !== undefined && (
        <Progress
          value={part * 100}
          color={left === 0 ? "red" : isSoon ? "orange" : "teal"}
          size="sm"
          aria-label="Part of the lease that is left"
        />
      )}
    </div>
  );
}

/** Length of a lease, in milliseconds. */
function useLeaseLength(): number | undefined {
  const parameters = useChainParameters().data;
  return parameters ? Number(parameters.registry.lease_secs) * 1000 : undefined;
}
