// What the owner of a pool does with its workers.
import { Alert, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useConnection } from "@/chain/connection";
import { type PoolStatus, type SessionStatus, useChainParameters, useStartNeeds } from "@/chain/queries";
import { Action, type Plan } from "@/components/action";
import { AmountField, readAmount, shown, TextField } from "@/components/fields";
import { Fact } from "@/components/page";
import { Pha } from "@/components/values";
import { parseWorkerKey, shortened } from "@/lib/addresses";
import { FIXED_ONE, least, numberText, phaText } from "@/lib/amounts";
import { durationText } from "@/lib/dates";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
}

interface AddProps extends DialogProps {
  pool: PoolStatus;
  /** Registered workers of the owner that are in no pool. */
  candidates: string[];
}

const OTHER = "other";

export function AddWorker({ pool, candidates, isOpen, onClose }: AddProps) {
  const { api } = useConnection();
  const [choice, setChoice] = useState(candidates[0] ?? OTHER);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const key = choice === OTHER ? parseWorkerKey(text) : ({ ok: true, value: choice } as const);
  const plan: Plan | undefined = key.ok
    ? {
        title: `Add worker ${shortened(key.value)} to pool ${pool.id}`,
        key: `add-${pool.id}-${key.value}`,
        tx: api.tx.StakePool.add_worker({ pool: pool.id, worker: key.value }),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Add a worker to pool ${pool.id}`}
      verb="Add the worker"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      {candidates.length > 0 ? (
        <Radio.Group value={choice} onChange={setChoice} label="Your workers that are in no pool">
          <Stack gap={6} mt={4}>
            {candidates.map((worker) => (
              <Radio
                key={worker}
                value={worker}
                label={
                  <Text ff="monospace" size="sm">
                    {shortened(worker, 10)}
                  </Text>
                }
              />
            ))}
            <Radio value={OTHER} label="Another one" />
          </Stack>
        </Radio.Group>
      ) : (
        <Text size="sm" c="dimmed">
          No registered worker of this account is without a pool. A relayer registers your workers; their operator must
          be this account.
        </Text>
      )}
      {choice === OTHER && (
        <TextField
          label="Public key"
          term="worker"
          value={text}
          change={setText}
          problem={shown(key, text, tried)}
          placeholder="0x…"
          isFirst
        />
      )}
    </Action>
  );
}

interface StakeProps extends DialogProps {
  worker: string;
  pool: PoolStatus;
}

export function StartWorker({ worker, pool, isOpen, onClose }: StakeProps) {
  const { api } = useConnection();
  const needs = useStartNeeds(worker).data;
  const lowest = useChainParameters().data?.mining.minimal_score;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const spare = needs?.spare ?? pool.spare;
  const most = needs && least(needs.maximum, spare);
  const stake = readAmount(
    text,
    [
      (planck) => needs !== undefined && needs !== null && planck < needs.minimum,
      `The smallest stake is ${phaText((needs?.minimum ?? 0n) + 9_999_999_999n, 2)} PHA.`,
    ],
    [
      (planck) => needs !== undefined && needs !== null && planck > needs.maximum,
      `The largest stake is ${phaText(needs?.maximum ?? 0n)} PHA.`,
    ],
    [(planck) => planck > spare, `The pool has ${phaText(spare)} PHA for workers.`],
  );
  const plan: Plan | undefined =
    stake.ok && needs
      ? {
          title: `Start worker ${shortened(worker)} with ${phaText(stake.value)} PHA`,
          key: `start-${worker}-${stake.value}`,
          tx: api.tx.StakePool.start_worker({ worker, stake: stake.value }),
        }
      : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Start worker ${shortened(worker)}`}
      verb="Start"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      {needs && lowest !== undefined && needs.score < lowest && (
        <Alert color="orange" variant="light" role="status">
          <Text size="sm">
            The worker's score is {needs.score}, and mining needs at least {lowest}. It is measured again when its lease
            is renewed; let nothing else run on the machine.
          </Text>
        </Alert>
      )}
      {needs && needs.missing > 0n && (
        <Alert color="orange" variant="light" role="status">
          <Text size="sm">
            The pool needs <Pha planck={needs.missing} places={2} /> more free coins before this worker can start.
            Delegate to it first.
          </Text>
        </Alert>
      )}
      {needs === null && (
        <Alert color="orange" variant="light" role="status">
          <Text size="sm">
            The worker's score is not measured yet. This takes about a minute after its registration.
          </Text>
        </Alert>
      )}
      <AmountField
        label="Stake"
        term="stake"
        value={text}
        change={setText}
        problem={shown(stake, text, tried)}
        available={{ label: "The pool has for workers", planck: spare }}
        most={most && most > 0n ? most : undefined}
        isFirst
      />
      {needs && (
        <div>
          <Fact term="p">{numberText(needs.score)}</Fact>
          <Fact term="minStake">
            <Pha planck={needs.minimum} places={2} />
          </Fact>
          <Fact term="maxStake">
            <Pha planck={needs.maximum} places={2} />
          </Fact>
        </div>
      )}
    </Action>
  );
}

interface RunningProps extends StakeProps {
  session: SessionStatus;
}

export function AddStake({ worker, pool, session, isOpen, onClose }: RunningProps) {
  const { api } = useConnection();
  const needs = useStartNeeds(worker).data;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const rest = needs && needs.maximum > session.stake ? needs.maximum - session.stake : 0n;
  const most = least(rest, pool.spare);
  const more = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [
      (planck) => needs !== undefined && needs !== null && planck > rest,
      `Up to the largest stake ${phaText(rest)} PHA are left.`,
    ],
    [(planck) => planck > pool.spare, `The pool has ${phaText(pool.spare)} PHA for workers.`],
  );
  const plan: Plan | undefined = more.ok
    ? {
        title: `Add ${phaText(more.value)} PHA to the stake of worker ${shortened(worker)}`,
        key: `more-${worker}-${more.value}`,
        tx: api.tx.StakePool.add_stake({ worker, more: more.value }),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Add stake to worker ${shortened(worker)}`}
      verb="Add stake"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <Text size="sm" c="dimmed">
        The worker goes on mining; its value grows at once.
      </Text>
      <AmountField
        label="More stake"
        term="stake"
        value={text}
        change={setText}
        problem={shown(more, text, tried)}
        available={{ label: "The pool has for workers", planck: pool.spare }}
        most={most > 0n ? most : undefined}
        isFirst
      />
      <div>
        <Fact label="Stake now">
          <Pha planck={session.stake} places={2} />
        </Fact>
        {needs && (
          <Fact term="maxStake">
            <Pha planck={needs.maximum} places={2} />
          </Fact>
        )}
      </div>
    </Action>
  );
}

/** What comes back of a stake that is taken out now, as the chain counts it. */
export function returned(planck: bigint, session: { v: bigint; v_e: bigint }, maxSlash: bigint): bigint {
  if (session.v_e === 0n) return planck;
  const kept = session.v >= session.v_e ? FIXED_ONE : (session.v * FIXED_ONE) / session.v_e;
  const least = FIXED_ONE - maxSlash;
  return (planck * (kept > least ? kept : least)) / FIXED_ONE;
}

export function ReduceStake({ worker, session, isOpen, onClose }: RunningProps) {
  const { api } = useConnection();
  const needs = useStartNeeds(worker).data;
  const parameters = useChainParameters().data;
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const minimum = needs?.minimum ?? 0n;
  const most = session.stake > minimum ? session.stake - minimum : 0n;
  const less = readAmount(
    text,
    [(planck) => planck === 0n, "Enter an amount above zero."],
    [(planck) => planck > most, `At most ${phaText(most)} PHA: what stays must be the smallest stake or more.`],
  );
  const plan: Plan | undefined = less.ok
    ? {
        title: `Take ${phaText(less.value)} PHA out of the stake of worker ${shortened(worker)}`,
        key: `less-${worker}-${less.value}`,
        tx: api.tx.StakePool.reduce_stake({ worker, less: less.value }),
      }
    : undefined;
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Reduce the stake of worker ${shortened(worker)}`}
      verb="Reduce"
      plan={plan}
      onIncomplete={() => setTried(true)}
    >
      <AmountField
        label="Less stake"
        term="stake"
        value={text}
        change={setText}
        problem={shown(less, text, tried)}
        available={{ label: "Stake now", planck: session.stake }}
        most={most > 0n ? most : undefined}
        isFirst
      />
      <div>
        <Fact term="minStake">
          <Pha planck={minimum} places={2} />
        </Fact>
        {less.ok && parameters && (
          <Fact term="slash" label="Comes back about">
            <Pha planck={returned(less.value, session, parameters.economics.max_principal_slash)} places={4} />
          </Fact>
        )}
        <Fact term="coolDown" label="It comes back after">
          {parameters ? durationText(Number(parameters.mining.cool_down_secs)) : "—"}
        </Fact>
      </div>
    </Action>
  );
}

export function StopWorker({ worker, session, isOpen, onClose }: Omit<RunningProps, "pool">) {
  const { api } = useConnection();
  const parameters = useChainParameters().data;
  const back = parameters ? returned(session.stake, session, parameters.economics.max_principal_slash) : undefined;
  const plan: Plan = {
    title: `Stop worker ${shortened(worker)}`,
    key: `stop-${worker}`,
    tx: api.tx.StakePool.stop_worker({ worker }),
  };
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={`Stop worker ${shortened(worker)}`}
      verb="Stop the worker"
      plan={plan}
      isDangerous
    >
      <Text size="sm">The worker earns nothing more. What it has earned since its last heartbeat is lost.</Text>
      <div>
        <Fact term="outstanding" label="Lost of rewards about">
          <Pha planck={session.outstanding} places={4} />
        </Fact>
        <Fact term="stake">
          <Pha planck={session.stake} places={2} />
        </Fact>
        <Fact term="slash" label="Of it comes back about">
          {back === undefined ? "—" : <Pha planck={back} places={4} />}
        </Fact>
        <Fact term="coolDown" label="It comes back after">
          {parameters ? durationText(Number(parameters.mining.cool_down_secs)) : "—"}
        </Fact>
      </div>
    </Action>
  );
}

export function RemoveWorker({ worker, isOpen, onClose }: DialogProps & { worker: string }) {
  const { api } = useConnection();
  const plan: Plan = {
    title: `Take worker ${shortened(worker)} out of its pool`,
    key: `remove-${worker}`,
    tx: api.tx.StakePool.remove_worker({ worker }),
  };
  return (
    <Action isOpen={isOpen} onClose={onClose} title={`Remove worker ${shortened(worker)}`} verb="Remove" plan={plan}>
      <Text size="sm">
        The worker stays registered and can be added to a pool again. A cool-down goes on and is not lost.
      </Text>
    </Action>
  );
}

export function Maintenance({
  worker,
  isPaused,
  leftSecs,
  isOpen,
  onClose,
}: DialogProps & { worker: string; isPaused: boolean; leftSecs: bigint }) {
  const { api } = useConnection();
  const plan: Plan = isPaused
    ? { title: `Resume worker ${shortened(worker)}`, key: `resume-${worker}`, tx: api.tx.Mining.resume({ worker }) }
    : { title: `Pause worker ${shortened(worker)}`, key: `pause-${worker}`, tx: api.tx.Mining.pause({ worker }) };
  return (
    <Action
      isOpen={isOpen}
      onClose={onClose}
      title={isPaused ? "Resume a worker" : "Pause a worker"}
      verb={isPaused ? "Resume" : "Pause"}
      plan={plan}
    >
      <Text size="sm">
        {isPaused
          ? "The worker is back with its next sign of life, which the relayer brings by itself."
          : "The worker earns nothing and cannot be reported while it is paused. What it has earned since its last heartbeat is lost."}
      </Text>
      <Fact term="maintenance" label="Without loss of value for">
        {durationText(Number(leftSecs))}
      </Fact>
    </Action>
  );
}
