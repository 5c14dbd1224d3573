import { Anchor, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { useDelegations } from "@/api/queries";
import { isSameAccount } from "@/lib/addresses";
import { useWallet } from "@/wallet/wallet";
import { DataTable, Pages } from "./data-table";
import { Section } from "./page";
import { Empty, Loaded, RowsSkeleton } from "./state";
import { Status } from "./states";
import { Code, Pha, When } from "./values";

const LIMIT = 8;

/** An account; a vault's own is called by the vault. */
export function Holder({ account, vault, ends }: { account: string; vault?: number | null; ends?: number }) {
  const { address } = useWallet();
  if (vault != null) {
    return (
      <Anchor component={Link} to={`/vaults/${vault}`} size="sm">
        Vault {vault}
      </Anchor>
    );
  }
  return (
    <Group gap={4} wrap="nowrap">
      <Code text={account} label="the address" ends={ends} />
      {address && isSameAccount(account, address) && <Status tone="good">you</Status>}
    </Group>
  );
}

/** Who holds shares of a pool or a vault. */
export function Delegators({ of }: { of: { pool: number } | { vault: number } }) {
  const [offset, setOffset] = useState(0);
  const delegations = useDelegations({ ...of, sort: "shares", order: "desc", offset, limit: LIMIT });
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
                  cell: ({ account, accountVault }) => <Holder account={account} vault={accountVault} />,
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
