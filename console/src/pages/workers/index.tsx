import { Anchor, Button, Chip, Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { csvUrl } from "@/api/client";
import { useWorkers, type WorkersAsked } from "@/api/queries";
import { Pages } from "@/components/data-table";
import { Page, Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { WorkerTable } from "@/components/worker-table";
import { useWallet } from "@/wallet/wallet";

const LIMIT = 20;
type Sort = NonNullable<WorkersAsked["sort"]>;
type State = NonNullable<WorkersAsked["state"]>;

const STATES: { value: State; label: string }[] = [
  { value: "idle", label: "Mining" },
  { value: "unresponsive", label: "Away" },
  { value: "ready", label: "Ready" },
  { value: "coolingDown", label: "Cooling down" },
  { value: "registered", label: "Not in a pool" },
];

export function Workers() {
  const { address, pick } = useWallet();
  const [isMine, setMine] = useState(address !== undefined);
  const [search, setSearch] = useState("");
  const [wanted] = useDebouncedValue(search.trim(), 300);
  const [state, setState] = useState<State | null>(null);
  const [endsSoon, setEndsSoon] = useState(false);
  const [now] = useState(Date.now);
  const [sorting, setSorting] = useState<{ by: Sort; order: "asc" | "desc" }>({ by: "share", order: "desc" });
  const [offset, setOffset] = useState(0);
  const needsAccount = isMine && address === undefined;
  const query: WorkersAsked = {
    operator: isMine ? address : undefined,
    search: wanted || undefined,
    state: state ?? undefined,
    leaseEndsBeforeMs: endsSoon ? now + 2 * 86_400_000 : undefined,
    sort: sorting.by,
    order: sorting.order,
    offset,
    limit: LIMIT,
  };
  const workers = useWorkers(query, !needsAccount);
  const isFiltered = wanted !== "" || state !== null || endsSoon;
  const clear = () => {
    setSearch("");
    setState(null);
    setEndsSoon(false);
    setOffset(0);
  };
  return (
    <Page
      title="Workers"
      subtitle="Machines that mine: what they do, what stands behind them, and why one does not earn."
      actions={
        <SegmentedControl
          value={isMine ? "mine" : "all"}
          onChange={(value) => {
            setMine(value === "mine");
            setOffset(0);
          }}
          data={[
            { value: "mine", label: "Mine" },
            { value: "all", label: "All of the network" },
          ]}
          aria-label="Whose workers"
        />
      }
    >
      <Section
        title={isMine ? "My workers, over all pools" : "All workers"}
        actions={
          !needsAccount && (
            <Anchor
              href={csvUrl("/workers", { ...query, offset: undefined, limit: undefined })}
              download="workers.csv"
              size="sm"
            >
              CSV
            </Anchor>
          )
        }
      >
        {needsAccount ? (
          <Empty title="Whose workers?" action={<Button onClick={pick}>Connect</Button>}>
            Connect a wallet, or look at an address, to see the workers that it operates.
          </Empty>
        ) : (
          <>
            <Group gap="sm" mb="md">
              <TextInput
                aria-label="Search workers by their key"
                placeholder="Beginning of a public key or operator"
                leftSection={<IconSearch size={16} aria-hidden />}
                value={search}
                maxLength={100}
                onChange={(event) => {
                  setSearch(event.currentTarget.value);
                  setOffset(0);
                }}
                style={{ flex: "1 1 240px" }}
              />
              <Select
                aria-label="State"
                placeholder="Any state"
                data={STATES}
                value={state}
                onChange={(value) => {
                  setState(value as State | null);
                  setOffset(0);
                }}
                clearable
                clearButtonProps={{ "aria-label": "Any state" }}
                w={180}
              />
              <Chip
                checked={endsSoon}
                onChange={(checked) => {
                  setEndsSoon(checked);
                  setOffset(0);
                }}
              >
                Lease ends within 2 days
              </Chip>
            </Group>
            <Loaded
              query={workers}
              what="The workers"
              skeleton={<RowsSkeleton rows={5} />}
              isEmpty={({ total }) => total === 0}
              empty={<NoWorkers isMine={isMine} isFiltered={isFiltered} clear={clear} />}
            >
              {({ items, total }) => (
                <>
                  <WorkerTable
                    rows={items}
                    withPool
                    isStale={workers.isPlaceholderData}
                    sorting={{
                      ...sorting,
                      change: (by, order) => {
                        setSorting({ by: by as Sort, order });
                        setOffset(0);
                      },
                    }}
                  />
                  <Pages total={total} offset={offset} limit={LIMIT} change={setOffset} />
                </>
              )}
            </Loaded>
          </>
        )}
      </Section>
    </Page>
  );
}

function NoWorkers({ isMine, isFiltered, clear }: { isMine: boolean; isFiltered: boolean; clear: () => void }) {
  if (isFiltered) {
    return (
      <Empty
        title="No worker is like that"
        action={
          <Button variant="default" onClick={clear}>
            Clear the filters
          </Button>
        }
      >
        Take a filter away, or search for something else.
      </Empty>
    );
  }
  return (
    <Empty
      title={isMine ? "This account operates no workers" : "No workers are registered yet"}
      action={
        <Button component={Link} to="/calculator" variant="default">
          What would one earn?
        </Button>
      }
    >
      A worker appears here as soon as a relayer has registered it{isMine ? " with this account as its operator" : ""}.
    </Empty>
  );
}
