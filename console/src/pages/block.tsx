import { Button, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { useConnection, useHeads } from "@/chain/connection";
import { DataTable } from "@/components/data-table";
import { Fact, Page, Section } from "@/components/page";
import { Empty, Loaded } from "@/components/state";
import { Status } from "@/components/states";
import { Code, When } from "@/components/values";
import { numberText } from "@/lib/amounts";
import { callText } from "@/lib/calls";
import { Problem } from "@/lib/problems";

interface EventRow {
  id: string;
  what: string;
  where: string;
}

interface Block {
  hash: string;
  timeMs: number;
  transactions: number;
  events: EventRow[];
}

export function BlockPage() {
  const { block: text = "" } = useParams();
  const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  if (number === undefined) {
    return (
      <Page title="Block not found">
        <Empty title="This is not the number of a block" />
      </Page>
    );
  }
  return <KnownBlock key={number} number={number} />;
}

function KnownBlock({ number }: { number: number }) {
  const { best, finalized } = useHeads();
  const block = useBlock(number);
  const isFinal = finalized !== undefined && number <= finalized.number;
  return (
    <Page
      title={`Block ${numberText(number)}`}
      subtitle="What happened in one block of the chain."
      actions={
        <Group gap="xs">
          <Button component={Link} to={`/blocks/${Math.max(0, number - 1)}`} variant="default" size="sm">
            Before
          </Button>
          <Button
            component={Link}
            to={`/blocks/${number + 1}`}
            variant="default"
            size="sm"
            disabled={best !== undefined && number >= best.number}
          >
            After
          </Button>
        </Group>
      }
    >
      <Loaded query={block} what="The block" skeleton={<Skeleton height={420} radius="lg" />}>
        {({ hash, timeMs, transactions, events }) => (
          <>
            <Section title="The block">
              <Fact term="finalised" label="State">
                {isFinal ? <Status tone="good">Finalised</Status> : <Status tone="quiet">New</Status>}
              </Fact>
              <Fact label="Made">
                <When ms={timeMs} />
              </Fact>
              <Fact label="Hash">
                <Code text={hash} label="the block's hash" ends={10} />
              </Fact>
              <Fact label="Transactions">{numberText(transactions)}</Fact>
              <Fact label="Events">{numberText(events.length)}</Fact>
            </Section>
            <Section title="Events">
              {events.length === 0 ? (
                <Empty title="Nothing happened" />
              ) : (
                <DataTable
                  label="Events of the block"
                  rows={events}
                  rowKey={({ id }) => id}
                  columns={[
                    { key: "what", label: "What", cell: ({ what }) => what },
                    {
                      key: "where",
                      label: "Where",
                      isNumber: true,
                      cell: ({ where }) => (
                        <Text span size="sm" c="dimmed">
                          {where}
                        </Text>
                      ),
                    },
                  ]}
                />
              )}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useBlock(number: number) {
  const { api, client, endpoint } = useConnection();
  const { best, finalized } = useHeads();
  const isThere = best !== undefined && number <= best.number;
  const isFinal = finalized !== undefined && number <= finalized.number;
  return useQuery({
    queryKey: ["block", endpoint, number, isFinal],
    enabled: best !== undefined,
    staleTime: isFinal ? Number.POSITIVE_INFINITY : 1_000,
    retry: false,
    queryFn: async (): Promise<Block> => {
      if (!isThere) throw new Problem(`The chain has not come to block ${numberText(number)} yet.`);
      // The chain remembers the hashes of its newest blocks; a node that keeps everything is asked for older ones.
      const known = await client._request<string | null>("chain_getBlockHash", [number]).catch(() => null);
      if (!known)
        throw new Problem("This node does not know the block any more. Try an endpoint that keeps all blocks.");
      const at = { at: known } as const;
      try {
        const [events, now, body] = await Promise.all([
          api.query.System.Events.getValue(at),
          api.query.Timestamp.Now.getValue(at),
          client.getBlockBody(known).catch(() => []),
        ]);
        return {
          hash: known,
          timeMs: Number(now),
          transactions: body.length,
          events: events.map(({ phase, event }, index) => ({
            id: String(index),
            what: callText(event.type, event.value.type),
            where: phase.type === "ApplyExtrinsic" ? `transaction ${phase.value + 1}` : "the chain itself",
          })),
        };
      } catch {
        throw new Problem(
          "The node has thrown the state of this block away already. Try an endpoint that keeps all states.",
        );
      }
    },
  });
}
