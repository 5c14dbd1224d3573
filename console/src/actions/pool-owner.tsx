// What the owner of a pool does with its terms.
import { Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import type { PoolStatus } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { shown, TextField } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { parseAddress, shortened } from "@/lib/addresses";
import { type Parsed, PHA, parsePercent, phaText, ppmText } from "@/lib/amounts";
import { CapFields, readCap, SetCap } from "./cap";
import { SetRate } from "./rate";

/** Held while the pool or the vault exists. */
export const POOL_DEPOSIT = 10n * PHA;

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
}
type PoolProps = DialogProps & { pool: PoolStatus };

export function CreatePool({ isOpen, onClose }: DialogProps) {
  const { api } = useConnection();
  const [commission, setCommission] = useState("10");
  const [highest, setHighest] = useState("20");
  const [isCapped, setCapped] = useState(false);
  const [cap, setCap] = useState("");
  const [tried, setTried] = useState(false);
  const rate = parsePercent(commission);
  const parsedHighest = parsePercent(highest);
  const most: Parsed<number> =
    rate.ok && parsedHighest.ok && parsedHighest.value < rate.value
      ? { ok: false, problem: "The maximum cannot be below the commission." }
      : parsedHighest;
  const limit = readCap(cap);
  const plan: Plan | undefined =
    rate.ok && most.ok && (!isCapped || limit.ok)
      ? {
          title: `Create a pool with ${ppmText(rate.value)} commission`,
          key: `create-${rate.value}-${most.value}-${isCapped && limit.ok ? limit.value : "open"}`,
          spends: POOL_DEPOSIT,
          tx: api.tx.StakePool.create_pool({
            commission: rate.value,
            max_commission: most.value,
            cap: isCapped && limit.ok ? limit.value : undefined,
          }),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title="Create a pool"
      verb="Create the pool"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <TextField
        label="Commission"
        term="commission"
        unit="%"
        isNumber
        isFirst
        value={commission}
        change={setCommission}
        problem={shown(rate, commission, true)}
      />
      <TextField
        label="Maximum commission"
        term="maxCommission"
        unit="%"
        isNumber
        value={highest}
        change={setHighest}
        problem={shown(most, highest, true)}
        description="Fixed for ever: delegators can rely on it."
      />
      <CapFields {...{ kind: "pool", isCapped, setCapped, cap, setCap, problem: shown(limit, cap, tried) }} />
      <Fact term="deposit">
        <Pha planck={POOL_DEPOSIT} />
      </Fact>
    </Action>
  );
}

export function SetCommission({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  return (
    <SetRate
      noun="commission"
      owner={`pool ${pool.id}`}
      label="Commission"
      term="commission"
      ppm={pool.commission_ppm}
      highest={{ ppm: pool.max_commission_ppm, term: "maxCommission" }}
      risePpm={pool.commission_rise?.commission_ppm}
      change={(commission) => api.tx.StakePool.set_commission({ pool: pool.id, commission })}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}

export function SetPoolCap({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  return (
    <SetCap
      kind="pool"
      id={pool.id}
      cap={pool.cap}
      value={pool.value}
      change={(cap) => api.tx.StakePool.set_cap({ pool: pool.id, cap })}
      isOpen={isOpen}
      onClose={onClose}
    />
  );
}

export function SetAllowed({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  const [text, setText] = useState("");
  const [isAllowed, setAllowed] = useState(true);
  const [tried, setTried] = useState(false);
  const account = parseAddress(text);
  const plan: Plan | undefined = account.ok
    ? {
        title: `${isAllowed ? "Put" : "Take"} ${shortened(account.value)} ${isAllowed ? "on" : "off"} the allow-list of pool ${pool.id}`,
        key: `allow-${pool.id}-${account.value}-${isAllowed}`,
        tx: api.tx.StakePool.allow({ pool: pool.id, delegator: account.value, allowed: isAllowed }),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Allow-list of pool ${pool.id}`}
      verb="Change the list"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <Text size="sm" c="dimmed">
        {pool.restricted
          ? "Only accounts on the list may delegate. Without the last of them the pool is open to everybody again."
          : "The pool is open to everybody. With the first account on the list only those on it may delegate."}
      </Text>
      <TextField
        label="Account"
        term="restricted"
        value={text}
        change={setText}
        problem={shown(account, text, tried)}
        isFirst
        placeholder="Address"
      />
      <Radio.Group
        value={isAllowed ? "on" : "off"}
        onChange={(value) => setAllowed(value === "on")}
        label="What shall happen"
      >
        <Stack gap={6} mt={4}>
          <Radio value="on" label="May delegate" />
          <Radio value="off" label="Take off the list" />
        </Stack>
      </Radio.Group>
    </Action>
  );
}

const MAX_DESCRIPTION = 400;
const MAX_LINK = 120;
const MAX_LINKS = 4;
const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text).length;

export function SetProfile({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  const [description, setDescription] = useState(pool.description);
  const [text, setText] = useState(pool.links.join("\n"));
  const links = text
    .split("\n")
    .map((link) => link.trim())
    .filter((link) => link !== "");
  const tooLong =
    bytes(description) > MAX_DESCRIPTION
      ? `At most ${MAX_DESCRIPTION} characters; accents and emoji count more.`
      : undefined;
  const wrongLinks =
    links.length > MAX_LINKS
      ? `At most ${MAX_LINKS} links.`
      : links.some((link) => bytes(link) > MAX_LINK)
        ? `A link has at most ${MAX_LINK} characters.`
        : links.some((link) => !link.startsWith("https://") || !URL.canParse(link))
          ? "A link begins with https://."
          : undefined;
  const plan: Plan | undefined =
    tooLong || wrongLinks
      ? undefined
      : {
          title: `Describe pool ${pool.id}`,
          key: `profile-${pool.id}-${description}-${links.join(" ")}`,
          tx: api.tx.StakePool.set_profile({
            pool: pool.id,
            description: encoder.encode(description),
            links: links.map((link) => encoder.encode(link)),
          }),
        };
  return (
    <Action isOpen={isOpen} onClose={onClose} title={`Description of pool ${pool.id}`} verb="Save" plan={plan}>
      <Textarea
        label="Description"
        description={`${bytes(description)} of ${MAX_DESCRIPTION}`}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        error={tooLong}
        autosize
        minRows={3}
        data-autofocus
      />
      <Textarea
        label="Links, one a line"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={wrongLinks}
        autosize
        minRows={2}
        placeholder="https://"
      />
    </Action>
  );
}

export function ClaimCommission({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  const plan: Plan = {
    title: `Claim ${phaText(pool.commission, 4)} PHA commission of pool ${pool.id}`,
    key: `claim-${pool.id}`,
    tx: api.tx.StakePool.claim_commission({ pool: pool.id }),
  };
  return (
    <Action isOpen={isOpen} onClose={onClose} title={`Commission of pool ${pool.id}`} verb="Claim" plan={plan}>
      <Fact term="ownerReward">
        <Pha planck={pool.commission} places={6} />
      </Fact>
      <Text size="sm" c="dimmed">
        It is paid to the owner's account. What comes in until the block is paid with it.
      </Text>
    </Action>
  );
}
