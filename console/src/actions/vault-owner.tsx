// What the owner of a vault does: its terms, where its coins are, and the fee.
import { Alert, Select, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useConnection } from "@/chain/connection";
import { type PoolStatus, useAllPools, usePoolStatus, useVaultPositions, type VaultStatus } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown, TextField } from "@/components/fields";
import { Label } from "@/components/info";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { fixed18Text, least, type Parsed, PHA, parsePercent, phaText, ppmText } from "@/lib/amounts";
import { atLeast, sharesFor, TOLERANCE_TEXT, worth } from "@/lib/pools";
import { canUse } from "@/lib/vaults";
import { CapFields, readCap, SetCap } from "./cap";
import { useFund } from "./fund";
import { POOL_DEPOSIT } from "./pool-owner";
import { SetRate } from "./rate";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
}
type VaultProps = DialogProps & { vault: VaultStatus };

export function CreateVault({ isOpen, onClose }: DialogProps) {
  const { api } = useConnection();
  const [fee, setFee] = useState("10");
  const [highest, setHighest] = useState("20");
  const [limit, setLimit] = useState("30");
  const [isCapped, setCapped] = useState(false);
  const [cap, setCap] = useState("");
  const [tried, setTried] = useState(false);
  const rate = parsePercent(fee);
  const parsedHighest = parsePercent(highest);
  const most: Parsed<number> =
    rate.ok && parsedHighest.ok && parsedHighest.value < rate.value
      ? { ok: false, problem: "The maximum cannot be below the fee." }
      : parsedHighest;
  const dearest = parsePercent(limit);
  const largest = readCap(cap);
  const plan: Plan | undefined =
    rate.ok && most.ok && dearest.ok && (!isCapped || largest.ok)
      ? {
          title: `Create a vault with ${ppmText(rate.value)} fee`,
          key: `create-vault-${rate.value}-${most.value}-${dearest.value}-${isCapped && largest.ok ? largest.value : "open"}`,
          spends: POOL_DEPOSIT,
          tx: api.tx.Vault.create_vault({
            fee: rate.value,
            max_fee: most.value,
            commission_limit: dearest.value,
            cap: isCapped && largest.ok ? largest.value : undefined,
          }),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title="Create a vault"
      verb="Create the vault"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <TextField
        label="Fee"
        term="vaultFee"
        unit="%"
        isNumber
        isFirst
        value={fee}
        change={setFee}
        problem={shown(rate, fee, true)}
        description="Of gains above the high-water mark."
      />
      <TextField
        label="Maximum fee"
        term="maxFee"
        unit="%"
        isNumber
        value={highest}
        change={setHighest}
        problem={shown(most, highest, true)}
        description="Fixed for ever: delegators can rely on it."
      />
      <TextField
        label="Commission limit"
        term="commissionLimit"
        unit="%"
        isNumber
        value={limit}
        change={setLimit}
        problem={shown(dearest, limit, true)}
        description="Dearer pools are not used."
      />
      <CapFields {...{ kind: "vault", isCapped, setCapped, cap, setCap, problem: shown(largest, cap, tried) }} />
      <Fact term="deposit">
        <Pha planck={POOL_DEPOSIT} />
      </Fact>
    </Action>
  );
}

export function SetVaultFee({ vault, isOpen, onClose }: VaultProps) {
  const { api } = useConnection();
  return (
    <SetRate
      noun="fee"
      owner={`vault ${vault.id}`}
      label="Fee"
      term="vaultFee"
      ppm={vault.fee_ppm}
      highest={{ ppm: vault.max_fee_ppm, term: "maxFee" }}
      risePpm={vault.fee_rise?.commission_ppm}
      change={(fee) => api.tx.Vault.set_fee({ vault: vault.id, fee })}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}

export function SetCommissionLimit({ vault, isOpen, onClose }: VaultProps) {
  const { api } = useConnection();
  return (
    <SetRate
      noun="limit"
      owner={`vault ${vault.id}`}
      label="Commission limit"
      term="commissionLimit"
      ppm={vault.commission_limit_ppm}
      risePpm={vault.commission_limit_rise?.commission_ppm}
      change={(limit) => api.tx.Vault.set_commission_limit({ vault: vault.id, limit })}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}

export function SetVaultCap({ vault, isOpen, onClose }: VaultProps) {
  const { api } = useConnection();
  return (
    <SetCap
      kind="vault"
      id={vault.id}
      cap={vault.cap}
      value={vault.value}
      change={(cap) => api.tx.Vault.set_cap({ vault: vault.id, cap })}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}

/** Delegates free coins of a vault to a pool. */
export function Invest({ vault, isOpen, onClose }: VaultProps) {
  const pools = useAllPools().data;
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState("");
  const usable = pools?.filter((pool) => canUse(vault, pool));
  const pool = usePoolStatus(Number(chosen ?? "0")).data;
  const picker = (
    <Select
      label={<Label term="vaultPlaces">Pool</Label>}
      aria-label="Pool"
      placeholder={usable ? (usable.length > 0 ? "Choose a pool" : "No pool is within the limit") : "Asking the chain…"}
      data={usable?.map(({ id, commission_ppm, restricted }) => ({
        value: String(id),
        label: `Pool ${id}, ${ppmText(commission_ppm)} commission${restricted ? ", by invitation" : ""}`,
      }))}
      value={chosen}
      onChange={setChosen}
      searchable
      nothingFoundMessage="No such pool within the limit"
      limit={50}
      comboboxProps={{ withinPortal: true }}
      openOnFocus={false}
      data-autofocus
    />
  );
  if (chosen === null || !pool) {
    return (
      <Action
        isOpen={isOpen}
        onClose={onClose}
        title={`Delegate for vault ${vault.id}`}
        verb="Delegate"
        plan={undefined}
      >
        {picker}
      </Action>
    );
  }
  return <InvestIn {...{ vault, pool, picker, text, setText, isOpen, onClose }} />;
}

interface InvestProps extends VaultProps {
  pool: PoolStatus;
  picker: ReactNode;
  text: string;
  setText: (text: string) => void;
}

function InvestIn({ vault, pool, picker, text, setText, isOpen, onClose }: InvestProps) {
  const fund = useFund({ pool, by: vault.id });
  const [tried, setTried] = useState(false);
  const room = pool.room;
  const amount = readAmount(
    text,
    [(planck) => planck < PHA, "A delegation is at least 1 PHA."],
    [(planck) => planck > vault.spare, `The vault has ${phaText(vault.spare)} PHA free for pools.`],
    [(planck) => room !== undefined && planck > room, `The pool has room for ${phaText(room ?? 0n)} PHA.`],
  );
  const shares = amount.ok ? sharesFor(amount.value, pool) : undefined;
  const plan: Plan | undefined =
    amount.ok && shares !== undefined
      ? {
          title: `Delegate ${phaText(amount.value)} PHA of vault ${vault.id} to pool ${pool.id}`,
          key: `invest-${vault.id}-${pool.id}-${amount.value}`,
          tx: fund.delegate(amount.value, atLeast(shares)),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Delegate for vault ${vault.id}`}
      verb="Delegate"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      {picker}
      <AmountField
        label="Amount"
        term="delegate"
        value={text}
        change={setText}
        problem={shown(amount, text, tried)}
        available={{ label: "Free for pools", planck: vault.spare }}
        most={room === undefined ? vault.spare : least(room, vault.spare)}
      />
      <div>
        <Fact term="shares" label="The vault gets about">
          {shares === undefined ? "—" : `${phaText(shares, 4)} shares`}
        </Fact>
        <Fact term="price">{fixed18Text(pool.price, 6)} PHA</Fact>
        <Fact term="commission">{ppmText(pool.commission_ppm)}</Fact>
        <Fact term="minReceived" label="Protected against a price move above">
          {TOLERANCE_TEXT}
        </Fact>
      </div>
    </Action>
  );
}

export function ClaimFee({ vault, isOpen, onClose }: VaultProps) {
  const { api } = useConnection();
  const positions = useVaultPositions(vault.owner).data;
  const held = positions?.find((position) => position.vault === vault.id)?.shares ?? 0n;
  const isSmall = positions !== undefined && worth(held + vault.fee_shares, vault) < PHA;
  const amount = worth(vault.fee_shares, vault);
  const plan: Plan | undefined = isSmall
    ? undefined
    : {
        title: `Claim ${phaText(amount, 4)} PHA fee of vault ${vault.id}`,
        key: `claim-fee-${vault.id}`,
        tx: api.tx.Vault.claim_fee({ vault: vault.id }),
      };
  return (
    <Action isOpen={isOpen} onClose={onClose} title={`Fee of vault ${vault.id}`} verb="Claim" plan={plan}>
      <div>
        <Fact term="feeShares" label="Worth now">
          <Pha planck={amount} places={6} />
        </Fact>
        <Fact term="shares">{phaText(vault.fee_shares, 4)}</Fact>
      </div>
      {isSmall ? (
        <Alert color="orange" variant="light">
          <Text size="sm">A holding is at least 1 PHA. Claim when the fee has grown to it.</Text>
        </Alert>
      ) : (
        <Text size="sm" c="dimmed">
          The fee comes as shares of the vault. Undelegate them whenever you want.
        </Text>
      )}
    </Action>
  );
}
