import { Button, Skeleton, Text } from "@mantine/core";
import { Link } from "react-router";
import { Fact, Section, Stat, Stats } from "@/components/page";
import { type Point, TimeChart } from "@/components/time-chart";
import { estimate, incomeByDay, type NetworkState, ownerPart, paybackDay } from "@/economics/estimate";
import type { EconomicParameters } from "@/economics/parameters";
import { compactNumber, numberText, percentText } from "@/lib/amounts";
import type { Inputs } from "./inputs";

const DAYS = 730;
const DAY_MS = 86_400_000;
/** Days between two points of the chart. */
const STEP = 7;

interface Props {
  inputs: Inputs;
  economics: EconomicParameters;
  network: NetworkState | undefined;
}

export function Results({ inputs, economics, network }: Props) {
  if (!network) return <Skeleton height={520} radius="lg" />;
  const machine = { score: inputs.score, level: inputs.level, stake: inputs.stake };
  const owner = { ownPart: inputs.own / 100, commission: inputs.commission / 100 };
  const first = estimate(economics, machine, network);
  const mine = ownerPart(first.perDay, owner);
  const powerPerDay = (inputs.watts / 1000) * 24 * inputs.kwh;
  const incomes = incomeByDay(economics, machine, network, DAYS).map((income) => ownerPart(income, owner) * inputs.pha);
  const payback = inputs.pha > 0 ? paybackDay(incomes, powerPerDay, inputs.machine) : null;
  const apr = inputs.stake > 0 ? ((first.perDay * (1 - owner.commission)) / inputs.stake) * 365 : 0;
  return (
    <>
      <Stats cols={2}>
        <Stat
          term="netIncome"
          value={<span data-testid="per-day">{numberText(first.perDay, 4)} PHA</span>}
          detail={`to the pool; ${numberText(mine, 2)} PHA of it are yours`}
        />
        <Stat
          term="payback"
          value={payback === null ? "Never" : `${numberText(payback)} ${payback === 1 ? "day" : "days"}`}
          detail={payback === null ? `not within ${DAYS / 365} years` : "until the machine is paid"}
        />
        <Stat
          term="power"
          label="After power, a day"
          value={`${numberText(mine * inputs.pha - powerPerDay, 2)} €`}
          detail={`${numberText(powerPerDay, 2)} € for power`}
        />
        <Stat term="apr" label="APR for delegators" value={percentText(apr, 1)} detail="on the first day" />
      </Stats>
      <Section title="How it comes about">
        <Fact term="minStake">
          <span data-testid="s-min">{numberText(first.minimal, 6)} PHA</span>
        </Fact>
        <Fact term="maxStake">
          <span data-testid="s-max">{numberText(first.maximal, 6)} PHA</span>
        </Fact>
        <Fact term="ve">
          <span data-testid="v-e">{numberText(first.value, 6)} PHA</span>
        </Fact>
        <Fact term="share">{numberText(first.share, 2)}</Fact>
        <Fact term="share" label="Part of all shares">
          {percentText(first.part, first.part < 0.001 ? 6 : 2)}
        </Fact>
        <Fact term="budget">{numberText(network.budgetPerDay, 0)} PHA a day</Fact>
        <Text size="xs" c="dimmed" mt="sm">
          The network as it is now, with this worker in addition. More workers make each part smaller; absences cost.
        </Text>
      </Section>
      <Section title="What you have, day by day, €" term="halving">
        <TimeChart
          label="Income less power and the price of the machine"
          kind="line"
          points={balance(incomes, powerPerDay, inputs.machine)}
          lines={[
            { name: "Balance", color: "teal.6" },
            { name: "Paid off", color: "gray.6" },
          ]}
          fromZero={false}
          format={(value) => `${compactNumber(value)} €`}
        />
        <Button component={Link} to="/farm" variant="default" size="sm" mt="sm">
          Create a pool
        </Button>
      </Section>
    </>
  );
}

function balance(incomes: number[], costPerDay: number, price: number): Point[] {
  const points: Point[] = [];
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  let sum = -price;
  for (const [day, income] of incomes.entries()) {
    if (day % STEP === 0) points.push({ time: today + day * DAY_MS, Balance: sum, "Paid off": 0 });
    sum += income - costPerDay;
  }
  return points;
}
