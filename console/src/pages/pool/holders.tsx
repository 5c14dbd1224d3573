import { Text } from "@mantine/core";
import { useState } from "react";
import { useDelegations, useMembers } from "@/api/queries";
import { DataTable, Pages } from "@/components/data-table";
import { Section } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Status } from "@/components/states";
import { Code, Pha, When } from "@/components/values";
import { isSameAccount } from "@/lib/addresses";
import { useWallet } from "@/wallet/wallet";

const LIMIT = 8;

export function Delegators({ pool }: { pool: number }) {
  const [offset, setOffset] = useState(0);
  const { address } = useWallet();
  const delegations = useDelegations({ pool, sort: "shares", order: "desc", offset, limit: LIMIT });
  return (
    <Section title="Delegators" term="delegated">
      <Loaded
        query={delegations}
        what="The delegators"
        skeleton={<RowsSkeleton rows={3} />}
        isEmpty={({ total }) => total === 0}
        empty={<Empty title="Nobody has delegated yet">The first delegation buys shares at 1 PHA.</Empty>}
      >
        {({ items, total }) => (
          <>
            <DataTable
              label="Delegators"
              rows={items}
              rowKey={({ account }) => account}
              isStale={delegations.isPlaceholderData}
              columns={[
                {
                  key: "account",
                  label: "Account",
                  cell: ({ account }) => (
                    <>
                      <Code text={account} label="the address" />
                      {address && isSameAccount(account, address) && <Status tone="good">you</Status>}
                    </>
                  ),
                },
                {
                  key: "value",
                  label: "Value",
                  isNumber: true,
                  cell: ({ value }) => <Pha planck={BigInt(value)} places={2} />,
                },
                {
                  key: "since",
                  label: "Since",
                  isNumber: true,
                  cell: ({ sinceMs }) => (
                    <Text span size="sm" c="dimmed">
                      <When ms={sinceMs} inline />
                    </Text>
                  ),
                },
              ]}
            />
            <Pages total={total} offset={offset} limit={LIMIT} change={setOffset} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

export function Members({ pool }: { pool: number }) {
  const [offset, setOffset] = useState(0);
  const members = useMembers(pool, offset, true);
  return (
    <Section title="Allow-list" term="restricted">
      <Loaded
        query={members}
        what="The allow-list"
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={({ total }) => total === 0}
        empty={<Empty title="Nobody is on the list yet" />}
      >
        {({ items, total }) => (
          <>
            <DataTable
              label="Accounts that may delegate"
              rows={items}
              rowKey={({ account }) => account}
              columns={[
                {
                  key: "account",
                  label: "Account",
                  cell: ({ account }) => <Code text={account} label="the address" />,
                },
                { key: "since", label: "Since", isNumber: true, cell: ({ sinceMs }) => <When ms={sinceMs} inline /> },
              ]}
            />
            <Pages total={total} offset={offset} limit={10} change={setOffset} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
