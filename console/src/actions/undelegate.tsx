import { Alert, Text } from "@mantine/core";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import { type Forecast, type PoolStatus, useWithdrawalForecast } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha, When } from "@/components/values";
import { shortened } from "@/lib/addresses";
import { least, PHA, phaText } from "@/lib/amounts";
import { atLeast, sharesWorth, TOLERANCE_TEXT, worth } from "@/lib/pools";

interface Props {
  pool: PoolStatus;
  /** Shares of the account that are not queued. */
  shares: bigint;
  isOpen: boolean;
  onClose: () => void;
}

export function Undelegate({ pool, shares, isOpen, onClose }: Props) {
  const { api } = useConnection();
  const [text, setText] = useState("");
  const [isAll, setAll] = useState(false);
  const [tried, setTried] = useState(false);

  const all = worth(shares, pool);
  const parsed = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [(planck) => planck < PHA && planck < all, "A withdrawal is at least 1 PHA, or everything."],
    [(planck) => planck > all, `Your shares are worth ${phaText(all)} PHA.`],
  );
  const wanted = isAll ? shares : parsed.ok ? sharesWorth(parsed.value, pool) : undefined;
  // What would be left below 1 PHA goes too: the chain does the same.
  const asked = wanted === undefined ? undefined : wanted > shares || all - worth(wanted, pool) < PHA ? shares : wanted;
  const forecast = useWithdrawalForecast(pool.id, asked);
  const expected = asked === undefined ? 0n : worth(asked, pool);
  const plan: Plan | undefined =
    asked !== undefined && asked > 0n
      ? {
          title: `Undelegate ${asked === shares ? "everything" : `${phaText(expected)} PHA`} from pool ${pool.id}`,
          key: `undelegate-${pool.id}-${asked}`,
          tx: api.tx.StakePool.undelegate({ pool: pool.id, shares: asked, min_amount: atLeast(expected) }),
        }
      : undefined;
  const change = (next: string) => {
    setAll(false);
    setText(next);
  };

  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Undelegate from pool ${pool.id}`}
      verb="Undelegate"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <AmountField
        label="Amount"
        term="undelegate"
        value={text}
        change={(next) => {
          change(next);
          // The button fills in all that there is: then all shares go, however their price moves until then.
          const read = readAmount(next);
          if (read.ok && read.value === all) setAll(true);
        }}
        problem={isAll ? undefined : shown(parsed, text, tried)}
        available={{ label: "Yours in this pool", planck: all }}
        most={all}
        isFirst
      />
      {asked === shares && asked > 0n && !isAll && (
        <Alert color="gray" variant="light">
          <Text size="sm">Less than 1 PHA would stay in the pool, so everything is taken out.</Text>
        </Alert>
      )}
      <ForecastView
        forecast={asked === undefined ? null : forecast.data}
        isWaiting={asked !== undefined && forecast.isPending}
      />
    </Action>
  );
}

/** When a withdrawal is paid, and from what. */
export function ForecastView({
  forecast,
  isWaiting = false,
}: {
  forecast: Forecast | null | undefined;
  isWaiting?: boolean;
}) {
  if (!forecast) {
    return (
      <div>
        <Fact term="promised">{isWaiting ? "asking the chain…" : "—"}</Fact>
      </div>
    );
  }
  const now = forecast.sources.filter(({ kind }) => kind.type === "Free").reduce((sum, { amount }) => sum + amount, 0n);
  const later = forecast.amount > now ? forecast.amount - now : 0n;
  return (
    <div data-testid="forecast">
      <Fact term="free" label="Paid at once">
        <Pha planck={least(now, forecast.amount)} />
      </Fact>
      {later > 0n && (
        <>
          <Fact term="queue" label="Waits in the queue">
            <Pha planck={later} />
          </Fact>
          <Fact term="deadline">
            <When ms={Number(forecast.deadline_secs) * 1000} />
          </Fact>
          <Fact term="expected">
            <When ms={Number(forecast.expected_secs) * 1000} />
          </Fact>
          <Fact term="promised">
            <When ms={Number(forecast.promised_secs) * 1000} />
          </Fact>
          {forecast.sources
            .filter(({ kind }) => kind.type !== "Free")
            .map((source, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sources have no number of their own, and are shown in the chain's order
              <Fact key={index} label={sourceText(source.kind)}>
                <Pha planck={source.amount} />
              </Fact>
            ))}
        </>
      )}
      <Fact term="minReceived" label="Protected against a price move above">
        {TOLERANCE_TEXT}
      </Fact>
    </div>
  );
}

function sourceText(kind: Forecast["sources"][number]["kind"]): string {
  switch (kind.type) {
    case "Cooling":
      return `From the cool-down of worker ${shortened(kind.value.worker, 4)}`;
    case "Reduced":
      return `From less stake for worker ${shortened(kind.value.worker, 4)}`;
    case "Stopped":
      return `From a stop of worker ${shortened(kind.value.worker, 4)}`;
    default:
      return "From free coins";
  }
}
