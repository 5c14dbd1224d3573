import { Alert, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Forecast, useVaultWithdrawalForecast, useWithdrawalForecast, type VaultForecast } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha, When } from "@/components/values";
import { shortened } from "@/lib/addresses";
import { least, PHA, phaText } from "@/lib/amounts";
import { atLeast, sharesWorth, TOLERANCE_TEXT, worth } from "@/lib/pools";
import { type FundStatus, useFund } from "./fund";

interface Props {
  of: FundStatus;
  /** Shares of the account that are not queued. */
  shares: bigint;
  isOpen: boolean;
  onClose: () => void;
}

export function Undelegate({ of, shares, isOpen, onClose }: Props) {
  const fund = useFund(of);
  const [text, setText] = useState("");
  const [isAll, setAll] = useState(false);
  const [tried, setTried] = useState(false);

  const all = worth(shares, fund);
  const parsed = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [(planck) => planck < PHA && planck < all, "A withdrawal is at least 1 PHA, or everything."],
    [(planck) => planck > all, `${fund.whose[1]} shares are worth ${phaText(all)} PHA.`],
  );
  const wanted = isAll ? shares : parsed.ok ? sharesWorth(parsed.value, fund) : undefined;
  // What would be left below 1 PHA goes too: the chain does the same.
  const asked = wanted === undefined ? undefined : wanted > shares || all - worth(wanted, fund) < PHA ? shares : wanted;
  const expected = asked === undefined ? 0n : worth(asked, fund);
  const plan: Plan | undefined =
    asked !== undefined && asked > 0n
      ? {
          title: `Undelegate ${asked === shares ? "everything" : `${phaText(expected)} PHA`} from ${fund.name}`,
          key: `undelegate-${fund.name}-${asked}`,
          tx: fund.undelegate(asked, atLeast(expected)),
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
      title={`Undelegate from ${fund.name}`}
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
        available={{ label: `${fund.whose[0]} in this ${fund.kind}`, planck: all }}
        most={all}
        isFirst
      />
      {asked === shares && asked > 0n && !isAll && (
        <Alert color="gray" variant="light">
          <Text size="sm">Less than 1 PHA would stay in the {fund.kind}, so everything is taken out.</Text>
        </Alert>
      )}
      {fund.kind === "pool" ? (
        <PoolForecast pool={fund.id} shares={asked} />
      ) : (
        <VaultForecastView vault={fund.id} shares={asked} />
      )}
    </Action>
  );
}

/** What free coins of a pool pay at once, in planck. */
const paidAtOnce = ({ sources, amount }: Forecast) =>
  least(
    amount,
    sources.filter(({ kind }) => kind.type === "Free").reduce((sum, source) => sum + source.amount, 0n),
  );

/** When shares of a pool are paid, and from what. */
function PoolForecast({ pool, shares }: { pool: number; shares: bigint | undefined }) {
  const { data: forecast, isPending } = useWithdrawalForecast(pool, shares);
  if (shares === undefined || !forecast) return <NoForecast isWaiting={shares !== undefined && isPending} />;
  return (
    <Dates forecast={forecast} atOnce={paidAtOnce(forecast)}>
      {forecast.sources
        .filter(({ kind }) => kind.type !== "Free")
        .map((source, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sources have no number of their own, and are shown in the chain's order
          <Fact key={index} label={sourceText(source.kind)}>
            <Pha planck={source.amount} />
          </Fact>
        ))}
    </Dates>
  );
}

/** When shares of a vault are paid, and by which of its pools. */
function VaultForecastView({ vault, shares }: { vault: number; shares: bigint | undefined }) {
  const { data: forecast, isPending } = useVaultWithdrawalForecast(vault, shares);
  if (shares === undefined || !forecast) return <NoForecast isWaiting={shares !== undefined && isPending} />;
  const atOnce = forecast.pools.reduce((sum, [, part]) => sum + paidAtOnce(part), forecast.at_once);
  return (
    <Dates forecast={forecast} atOnce={least(atOnce, forecast.amount)}>
      {forecast.pools.map(([pool, part]) => (
        <Fact key={pool} label={`From pool ${pool}`}>
          <Pha planck={part.amount} />, <When ms={Number(part.expected_secs) * 1000} inline />
        </Fact>
      ))}
    </Dates>
  );
}

function NoForecast({ isWaiting }: { isWaiting: boolean }) {
  return (
    <div>
      <Fact term="promised">{isWaiting ? "asking the chain…" : "—"}</Fact>
    </div>
  );
}

interface DatesProps {
  forecast: Forecast | VaultForecast;
  /** In planck. */
  atOnce: bigint;
  /** Where it comes from. */
  children: ReactNode;
}

function Dates({ forecast, atOnce, children }: DatesProps) {
  const later = forecast.amount - atOnce;
  return (
    <div data-testid="forecast">
      <Fact term="free" label="Paid at once">
        <Pha planck={atOnce} />
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
          {children}
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
