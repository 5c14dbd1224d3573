import { Alert, SimpleGrid } from "@mantine/core";
import { useState } from "react";
import { useNetwork, useNetworkSeries } from "@/api/queries";
import { useHeads } from "@/chain/connection";
import { useAllPools, useNetworkStatus } from "@/chain/queries";
import { Page, Section, Stat, Stats } from "@/components/page";
import { Loaded } from "@/components/state";
import { ChartBox, ChartsSkeleton, type Range, RangeSwitch, TimeChart } from "@/components/time-chart";
import { Pha } from "@/components/values";
import { compactNumber, fixed18Number, numberText, percentText, phaNumber, phaText } from "@/lib/amounts";
import { gains } from "@/lib/points";
import { LiveHeartbeats, NewestBlocks } from "./live";

export function Network() {
  return (
    <Page title="Network" subtitle="Confidential workers that are online, what stands behind them, and what they earn.">
      <Outage />
      <Numbers />
      <Charts />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <NewestBlocks />
        <LiveHeartbeats />
      </SimpleGrid>
    </Page>
  );
}

function Outage() {
  const status = useNetworkStatus().data;
  if (!status?.outage) return null;
  return (
    <Alert color="orange" title="Outage guard is on" role="status">
      A large part of the network went offline at once. Until it is back, no worker loses value.
    </Alert>
  );
}

function Numbers() {
  const status = useNetworkStatus().data;
  const pools = useAllPools().data;
  const indexed = useNetwork();
  const network = indexed.data;
  const { best, finalized, blockMs } = useHeads();
  const staked = pools?.reduce((sum, pool) => sum + pool.staked, 0n);
  const value = pools?.reduce((sum, pool) => sum + pool.value, 0n);
  const lag = best && finalized ? best.number - finalized.number : undefined;
  return (
    <Stats>
      <Stat
        term="onlineWorkers"
        value={status && `${numberText(status.idle_sessions)} / ${numberText(status.workers)}`}
        detail={status && "mining / registered"}
      />
      <Stat
        term="totalStake"
        value={staked === undefined ? undefined : <Pha planck={staked} places={0} />}
        detail={
          value === undefined
            ? undefined
            : `${phaText(value, 0)} PHA in ${pools?.length} ${pools?.length === 1 ? "pool" : "pools"}`
        }
      />
      <Stat
        term="dailyRewards"
        value={status && <Pha planck={status.budget_per_day} places={0} />}
        detail={network && `${phaText(BigInt(network.paidLastDay), 0)} PHA paid in the last 24 hours`}
      />
      <Stat
        term="meanApr"
        error={indexed.error}
        value={network && (network.apr == null ? "—" : percentText(network.apr, 1))}
        detail={network && (network.apr == null ? "known after the first rewards" : "over all pools, after commission")}
      />
      <Stat
        term="heartbeats"
        error={indexed.error}
        value={network && numberText(network.heartbeatsLastHour)}
        detail={network && `in the last hour; ${compactNumber(network.heartbeats)} in all`}
      />
      <Stat
        term="blockTime"
        value={blockMs === undefined ? undefined : `${numberText(blockMs / 1000, 1)} s`}
        detail={status && `the chain aims at ${numberText(Number(status.slot_ms) / 1000, 1)} s`}
      />
      <Stat
        term="finalityLag"
        value={lag === undefined ? undefined : `${numberText(lag)} ${lag === 1 ? "block" : "blocks"}`}
        detail={finalized && `#${numberText(finalized.number)} is final`}
      />
      <Stat
        term="subsidy"
        value={
          status && (
            <span title={`${phaText(status.subsidy, 12)} PHA`}>{compactNumber(phaNumber(status.subsidy), 4)} PHA</span>
          )
        }
        detail={status && `${compactNumber(phaNumber(status.paid), 4)} PHA paid to pools so far`}
      />
    </Stats>
  );
}

function Charts() {
  const [range, setRange] = useState<Range>("day");
  const series = useNetworkSeries(range);
  return (
    <Section title="Over time" actions={<RangeSwitch value={range} change={setRange} />}>
      <Loaded query={series} what="The history" skeleton={<ChartsSkeleton count={4} cols={{ base: 1, md: 2 }} />}>
        {({ points }) => (
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="lg">
            <ChartBox title="Workers">
              <TimeChart
                label="Workers over time"
                isWhole
                kind="line"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Mining: point.idleWorkers,
                  Registered: point.workers,
                }))}
                lines={[
                  { name: "Mining", color: "teal.6" },
                  { name: "Registered", color: "gray.6" },
                ]}
                format={(value) => numberText(value)}
              />
            </ChartBox>
            <ChartBox title="Rewards paid to pools, PHA">
              <TimeChart
                label="Rewards paid to pools between two points"
                kind="bar"
                points={gains(points, (point) => phaNumber(BigInt(point.paid))).map(({ time, gained }) => ({
                  time,
                  Rewards: gained,
                }))}
                lines={[{ name: "Rewards", color: "teal.6" }]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            </ChartBox>
            <ChartBox title="Value in pools, PHA">
              <TimeChart
                label="Value in pools over time"
                points={points.map((point) => ({
                  time: point.timeMs,
                  "In pools": phaNumber(BigInt(point.totalValue)),
                  Staked: phaNumber(BigInt(point.totalStaked)),
                }))}
                lines={[
                  { name: "In pools", color: "indigo.5" },
                  { name: "Staked", color: "teal.6" },
                ]}
                format={(value) => `${compactNumber(value)} PHA`}
              />
            </ChartBox>
            <ChartBox title="Sum of shares">
              <TimeChart
                label="Sum of the shares of mining workers over time"
                points={points.map((point) => ({
                  time: point.timeMs,
                  Shares: fixed18Number(BigInt(point.totalShare)),
                }))}
                lines={[{ name: "Shares", color: "grape.5" }]}
                format={(value) => compactNumber(value)}
              />
            </ChartBox>
          </SimpleGrid>
        )}
      </Loaded>
    </Section>
  );
}
