import { Anchor, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useWorkerStatus } from "@/chain/queries";
import { sessionStateName } from "@/chain/sessions";
import { Page } from "@/components/page";
import { Empty, Failed } from "@/components/state";
import { WorkerStatusBadge } from "@/components/states";
import { Code } from "@/components/values";
import { parseWorkerKey, shortened } from "@/lib/addresses";
import { Attestation } from "./attestation";
import { WorkerCharts } from "./charts";
import { Heartbeats, Losses, Story } from "./history";
import { WorkerNumbers } from "./numbers";
import { Why } from "./why";
import { WorkerActions } from "./worker-actions";

export function WorkerPage() {
  const { worker: text = "" } = useParams();
  const key = parseWorkerKey(text);
  if (!key.ok) {
    return (
      <Page title="Worker not found">
        <Empty title="This is not a worker's key">{key.problem}</Empty>
      </Page>
    );
  }
  return <KnownWorker key={key.value} worker={key.value} />;
}

function KnownWorker({ worker }: { worker: string }) {
  const status = useWorkerStatus(worker);
  const { data } = status;
  const title = `Worker ${shortened(worker)}`;
  if (status.error && !data) {
    return (
      <Page title={title}>
        <Failed error={status.error} what="The worker" retry={() => void status.refetch()} />
      </Page>
    );
  }
  if (data && !data.registration) {
    return (
      <Page title={title} subtitle={<Code text={worker} label="the worker's key" ends={12} />}>
        <Empty title="The chain does not know this worker">{data.explanation.advice}</Empty>
        <Story worker={worker} />
      </Page>
    );
  }
  const pool = data?.session?.pool;
  const { state, away } = sessionStateName(data?.session?.state);
  return (
    <Page
      title={title}
      heading={
        <>
          {title}{" "}
          {data ? (
            <WorkerStatusBadge state={state} away={away} />
          ) : (
            <Skeleton width={72} height={20} display="inline-block" />
          )}
        </>
      }
      subtitle={
        <>
          <Code text={worker} label="the worker's key" ends={10} />
          {!data && <Skeleton width={60} height={14} display="inline-block" />}
          {pool !== undefined && (
            <>
              {" · "}
              <Anchor component={Link} to={`/pools/${pool}`} size="sm">
                Pool {pool}
              </Anchor>
            </>
          )}
        </>
      }
      actions={data && <WorkerActions status={data} />}
    >
      <Why status={data} />
      <WorkerNumbers status={data} />
      <WorkerCharts worker={worker} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <Attestation worker={worker} registration={data?.registration} />
          <Losses worker={worker} />
        </Stack>
        <Stack gap="lg">
          <Heartbeats worker={worker} />
          <Story worker={worker} />
        </Stack>
      </SimpleGrid>
    </Page>
  );
}
