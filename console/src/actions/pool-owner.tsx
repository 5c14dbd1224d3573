// What the owner of a pool does with its terms.
import { Alert, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import { type PoolStatus, useChainParameters } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown, TextField } from "@/components/fields";
import { Label } from "@/components/info";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { parseAddress, shortened } from "@/lib/addresses";
import { type Parsed, PHA, parsePercent, phaInput, phaText, ppmText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";

/** Held while the pool exists. */
const POOL_DEPOSIT = 10n * PHA;
/** Most points, in millionths, by which an announced commission may be above the one in force. */
const MAX_RISE_PPM = 100_000;

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
  const limit = readAmount(cap, [(planck) => planck < PHA, "A cap below 1 PHA lets nobody in."]);
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
        problem={shown(rate, commission, tried)}
      />
      <TextField
        label="Maximum commission"
        term="maxCommission"
        unit="%"
        isNumber
        value={highest}
        change={setHighest}
        problem={shown(most, highest, tried)}
        description="Fixed for ever: delegators can rely on it."
      />
      <CapFields {...{ isCapped, setCapped, cap, setCap, problem: shown(limit, cap, tried) }} />
      <Fact term="deposit">
        <Pha planck={POOL_DEPOSIT} />
      </Fact>
    </Action>
  );
}

interface CapProps {
  isCapped: boolean;
  setCapped: (isCapped: boolean) => void;
  cap: string;
  setCap: (cap: string) => void;
  problem: string | undefined;
}

function CapFields({ isCapped, setCapped, cap, setCap, problem }: CapProps) {
  return (
    <Stack gap="xs">
      <Radio.Group
        value={isCapped ? "cap" : "open"}
        onChange={(value) => setCapped(value === "cap")}
        label={<Label term="cap" />}
        aria-label="Cap"
      >
        <Stack gap={6} mt={4}>
          <Radio value="open" label="No limit" />
          <Radio value="cap" label="A limit" />
        </Stack>
      </Radio.Group>
      {isCapped && <AmountField label="Largest value of the pool" value={cap} change={setCap} problem={problem} />}
    </Stack>
  );
}

export function SetCommission({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  const times = useChainParameters().data;
  const [text, setText] = useState(String(pool.commission_ppm / 10_000));
  const [tried, setTried] = useState(false);
  const read = parsePercent(text);
  const rate: Parsed<number> = !read.ok
    ? read
    : read.value === pool.commission_ppm && !pool.commission_rise
      ? { ok: false, problem: "This is the commission in force." }
      : read.value > pool.max_commission_ppm
        ? { ok: false, problem: `The commission never exceeds ${ppmText(pool.max_commission_ppm)}.` }
        : read.value > pool.commission_ppm + MAX_RISE_PPM
          ? { ok: false, problem: `A rise is at most ten points: to ${ppmText(pool.commission_ppm + MAX_RISE_PPM)}.` }
          : read;
  const isRise = rate.ok && rate.value > pool.commission_ppm;
  const wait = times ? Number(times.pools.grace_secs + times.mining.cool_down_secs) : undefined;
  const plan: Plan | undefined = rate.ok
    ? {
        title: isRise
          ? `Announce ${ppmText(rate.value)} commission for pool ${pool.id}`
          : `Set ${ppmText(rate.value)} commission for pool ${pool.id}`,
        key: `commission-${pool.id}-${rate.value}`,
        tx: api.tx.StakePool.set_commission({ pool: pool.id, commission: rate.value }),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Commission of pool ${pool.id}`}
      verb={isRise ? "Announce the rise" : "Set the commission"}
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <TextField
        label="Commission"
        term="commission"
        unit="%"
        isNumber
        isFirst
        value={text}
        change={setText}
        problem={shown(rate, text, tried)}
      />
      <div>
        <Fact label="In force">{ppmText(pool.commission_ppm)}</Fact>
        <Fact term="maxCommission">{ppmText(pool.max_commission_ppm)}</Fact>
        <Fact label="It changes">
          {isRise ? (wait === undefined ? "later" : `${durationText(wait)} after the announcement`) : "at once"}
        </Fact>
      </div>
      {pool.commission_rise && (
        <Alert color="orange" variant="light">
          <Text size="sm">
            {ppmText(pool.commission_rise.commission_ppm)} is announced already. Another announcement takes its place
            and starts the wait anew; a lower commission withdraws it.
          </Text>
        </Alert>
      )}
    </Action>
  );
}

export function SetCap({ pool, isOpen, onClose }: PoolProps) {
  const { api } = useConnection();
  const [isCapped, setCapped] = useState(pool.cap !== undefined);
  const [cap, setCap] = useState(pool.cap === undefined ? "" : phaInput(pool.cap));
  const [tried, setTried] = useState(false);
  const limit = readAmount(cap, [(planck) => planck < PHA, "A cap below 1 PHA lets nobody in."]);
  const plan: Plan | undefined =
    !isCapped || limit.ok
      ? {
          title:
            isCapped && limit.ok
              ? `Set a cap of ${phaText(limit.value)} PHA for pool ${pool.id}`
              : `Remove the cap of pool ${pool.id}`,
          key: `cap-${pool.id}-${isCapped && limit.ok ? limit.value : "open"}`,
          tx: api.tx.StakePool.set_cap({ pool: pool.id, cap: isCapped && limit.ok ? limit.value : undefined }),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Cap of pool ${pool.id}`}
      verb="Set the cap"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <CapFields {...{ isCapped, setCapped, cap, setCap, problem: shown(limit, cap, tried) }} />
      <Fact term="poolValue">
        <Pha planck={pool.value} />
      </Fact>
      <Text size="sm" c="dimmed">
        A cap below the pool's value is allowed: nobody has to leave, but nobody can join until the value is below it.
      </Text>
    </Action>
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
