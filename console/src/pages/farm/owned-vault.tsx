import { Alert, Anchor, Button, Group, Menu, SimpleGrid, Text } from "@mantine/core";
import { IconChevronDown, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import { CancelRequest } from "@/actions/position";
import { Undelegate } from "@/actions/undelegate";
import { ClaimFee, Invest, SetCommissionLimit, SetVaultCap, SetVaultFee } from "@/actions/vault-owner";
import {
  type PoolStatus,
  useAllPools,
  useVaultReturns,
  useVaultStatus,
  type VaultPlace,
  type VaultStatus,
} from "@/chain/queries";
import { DataTable } from "@/components/data-table";
import { Section, Small } from "@/components/page";
import { Empty, Loaded, RowsSkeleton } from "@/components/state";
import { Status } from "@/components/states";
import { Pha, When } from "@/components/values";
import { ppmText } from "@/lib/amounts";
import { worth } from "@/lib/pools";
import { partOf } from "@/lib/vaults";
import { Part } from "@/pages/vault/places";

type Dialog = "invest" | "claim" | "fee" | "limit" | "cap";

/** A vault of the account that looks, live from the chain. */
export function OwnedVault({ vault }: { vault: number }) {
  const status = useVaultStatus(vault);
  return (
    <Loaded query={status} what={`Vault ${vault}`} skeleton={<RowsSkeleton rows={1} height={240} />}>
      {(found) => found && <Owned vault={found} />}
    </Loaded>
  );
}

function Owned({ vault }: { vault: VaultStatus }) {
  const [dialog, setDialog] = useState<Dialog>();
  const common = { vault, isOpen: true, onClose: () => setDialog(undefined) };
  return (
    <Section
      title={`Vault ${vault.id}`}
      actions={
        <Group gap="xs">
          <Anchor component={Link} to={`/vaults/${vault.id}`} size="sm">
            See it as delegators do
          </Anchor>
          <Button
            size="sm"
            variant="default"
            onClick={() => setDialog("invest")}
            disabled={vault.spare === 0n}
            leftSection={<IconPlus size={15} aria-hidden />}
          >
            Delegate to a pool
          </Button>
          <Button size="sm" variant="default" onClick={() => setDialog("claim")} disabled={vault.fee_shares === 0n}>
            Claim
          </Button>
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button size="sm" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                Terms
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog("fee")}>Fee</Menu.Item>
              <Menu.Item onClick={() => setDialog("limit")}>Commission limit</Menu.Item>
              <Menu.Item onClick={() => setDialog("cap")}>Cap</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      }
    >
      <Announced vault={vault} />
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" mb="md">
        <Small term="vaultValue">
          <Pha planck={vault.value} places={2} />
        </Small>
        <Small term="spare">
          <Pha planck={vault.spare} places={2} />
        </Small>
        <Small term="owed">
          {vault.late ? (
            <Group gap={6}>
              <Pha planck={vault.owed} places={2} />
              <Status tone="bad" hint="The deadline of somebody who leaves has passed.">
                late
              </Status>
            </Group>
          ) : (
            <Pha planck={vault.owed} places={2} />
          )}
        </Small>
        <Small term="feeShares">
          <Pha planck={worth(vault.fee_shares, vault)} places={4} />
        </Small>
        <Small term="vaultFee">
          {ppmText(vault.fee_ppm)}{" "}
          <Text span size="xs" c="dimmed">
            of at most {ppmText(vault.max_fee_ppm)}
          </Text>
        </Small>
        <Small term="commissionLimit">{ppmText(vault.commission_limit_ppm)}</Small>
      </SimpleGrid>
      <OwnedPlaces vault={vault} invest={() => setDialog("invest")} />
      {dialog === "invest" && <Invest {...common} />}
      {dialog === "claim" && <ClaimFee {...common} />}
      {dialog === "fee" && <SetVaultFee {...common} />}
      {dialog === "limit" && <SetCommissionLimit {...common} />}
      {dialog === "cap" && <SetVaultCap {...common} />}
    </Section>
  );
}

function Announced({ vault }: { vault: VaultStatus }) {
  const rises = [
    { what: "fee", rise: vault.fee_rise },
    { what: "commission limit", rise: vault.commission_limit_rise },
  ];
  return rises.map(
    ({ what, rise }) =>
      rise && (
        <Alert key={what} color="orange" variant="light" mb="sm" data-testid="announced">
          <Text size="sm">
            {ppmText(rise.commission_ppm)} {what} is announced and in force{" "}
            <When ms={Number(rise.due_secs) * 1000} inline />.
          </Text>
        </Alert>
      ),
  );
}

function OwnedPlaces({ vault, invest }: { vault: VaultStatus; invest: () => void }) {
  const pools = useAllPools().data;
  const returns = useVaultReturns(vault.account).data ?? [];
  const [left, setLeft] = useState<{ pool: PoolStatus; shares: bigint }>();
  const [kept, setKept] = useState<{ pool: PoolStatus; request: (typeof returns)[number]["request"] }>();
  const poolOf = (id: number) => pools?.find((pool) => pool.id === id);
  if (vault.places.length === 0) {
    return (
      <Empty
        title="In no pool yet"
        action={
          <Button size="sm" variant="default" onClick={invest} disabled={vault.spare === 0n}>
            Delegate to a pool
          </Button>
        }
      >
        Coins that are in no pool earn nothing. Spread them over pools within your commission limit.
      </Empty>
    );
  }
  const close = () => {
    setLeft(undefined);
    setKept(undefined);
  };
  return (
    <>
      <DataTable<VaultPlace>
        label={`Pools of vault ${vault.id}`}
        rows={vault.places}
        rowKey={({ pool }) => String(pool)}
        columns={[
          {
            key: "pool",
            label: "Pool",
            cell: ({ pool }) => (
              <Anchor component={Link} to={`/pools/${pool}`} fw={600} size="sm" style={{ whiteSpace: "nowrap" }}>
                Pool {pool}
              </Anchor>
            ),
          },
          { key: "value", label: "Value", isNumber: true, cell: ({ value }) => <Pha planck={value} places={2} /> },
          {
            key: "part",
            label: "Part of the vault",
            isNumber: true,
            cell: ({ value }) => <Part part={partOf(value, vault.value)} />,
          },
          {
            key: "commission",
            label: "Commission",
            term: "commission",
            isNumber: true,
            cell: ({ commission_ppm }) => ppmText(commission_ppm),
          },
          {
            key: "actions",
            label: "",
            isNumber: true,
            cell: ({ pool, held }) => {
              const status = poolOf(pool);
              return (
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={!status || held === 0n}
                  onClick={() => status && setLeft({ pool: status, shares: held })}
                >
                  Undelegate
                </Button>
              );
            },
          },
        ]}
      />
      {returns.length > 0 && (
        <div style={{ marginTop: 12 }} data-testid="returns">
          <Text size="sm" fw={600}>
            On its way back to the vault
          </Text>
          <DataTable
            label={`What comes back to vault ${vault.id}`}
            rows={returns}
            rowKey={({ pool, request }) => `${pool}-${request.id}`}
            columns={[
              { key: "pool", label: "From", cell: ({ pool }) => `Pool ${pool}` },
              {
                key: "value",
                label: "Value",
                isNumber: true,
                cell: ({ request }) => <Pha planck={request.value} places={4} />,
              },
              {
                key: "deadline",
                label: "Deadline",
                term: "deadline",
                isNumber: true,
                cell: ({ request }) => <When ms={Number(request.deadline_secs) * 1000} />,
              },
              {
                key: "promised",
                label: "Paid by",
                term: "promised",
                isNumber: true,
                cell: ({ request }) => <When ms={Number(request.promised_secs) * 1000} />,
              },
              {
                key: "actions",
                label: "",
                isNumber: true,
                cell: ({ pool, request }) => {
                  const status = poolOf(pool);
                  return (
                    request.cancellable &&
                    status && (
                      <Button size="compact-sm" variant="default" onClick={() => setKept({ pool: status, request })}>
                        Cancel
                      </Button>
                    )
                  );
                },
              },
            ]}
          />
        </div>
      )}
      {left && <Undelegate of={{ pool: left.pool, by: vault.id }} shares={left.shares} isOpen onClose={close} />}
      {kept && (
        <CancelRequest
          of={{ pool: kept.pool, by: vault.id }}
          request={kept.request}
          untilSecs={Number(kept.request.deadline_secs)}
          isOpen
          onClose={close}
        />
      )}
    </>
  );
}
