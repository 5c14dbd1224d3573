import { Chip, Group, Select } from "@mantine/core";
import type { PoolsAsked } from "@/api/queries";
import { Info } from "@/components/info";
import { SearchField } from "@/components/search-field";

type Sort = NonNullable<PoolsAsked["sort"]>;

export interface Filters {
  search: string;
  isMining: boolean;
  isOpen: boolean;
  hasRoom: boolean;
  /** Whether the evidence of all its machines counts in full. */
  isVerified: boolean;
  /** In per cent. */
  maxCommission: number | undefined;
  /** In per cent. */
  minApr: number | undefined;
  sort: Sort;
  order: "asc" | "desc";
  offset: number;
}

const SORTS: { value: Sort; label: string }[] = [
  { value: "value", label: "Value" },
  { value: "apr", label: "APR" },
  { value: "commission", label: "Commission" },
  { value: "room", label: "Room" },
  { value: "free", label: "Free coins" },
  { value: "workers", label: "Workers" },
  { value: "delegators", label: "Delegators" },
  { value: "paid", label: "Paid" },
  { value: "pool", label: "Number" },
];
const isSort = (text: string | null): text is Sort => SORTS.some(({ value }) => value === text);

const COMMISSIONS = [5, 10, 20, 50];
const APRS = [1, 5, 10, 20];

/** The filters that an address of the page names; anything else counts as not said. */
export function readFilters(parameters: URLSearchParams): Filters {
  const sort = parameters.get("sort");
  const commission = Number(parameters.get("commission"));
  const apr = Number(parameters.get("apr"));
  const offset = Number(parameters.get("offset"));
  return {
    search: parameters.get("search")?.slice(0, 100) ?? "",
    isMining: parameters.get("mining") === "yes",
    isOpen: parameters.get("open") === "yes",
    hasRoom: parameters.get("room") === "yes",
    isVerified: parameters.get("verified") === "yes",
    maxCommission: COMMISSIONS.includes(commission) ? commission : undefined,
    minApr: APRS.includes(apr) ? apr : undefined,
    sort: isSort(sort) ? sort : "value",
    order: parameters.get("order") === "asc" ? "asc" : "desc",
    offset: Number.isInteger(offset) && offset > 0 && offset < 1_000_000 ? offset : 0,
  };
}

export function writeFilters(filters: Filters): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filters.search) parameters.set("search", filters.search);
  if (filters.isMining) parameters.set("mining", "yes");
  if (filters.isOpen) parameters.set("open", "yes");
  if (filters.hasRoom) parameters.set("room", "yes");
  if (filters.isVerified) parameters.set("verified", "yes");
  if (filters.maxCommission !== undefined) parameters.set("commission", String(filters.maxCommission));
  if (filters.minApr !== undefined) parameters.set("apr", String(filters.minApr));
  if (filters.sort !== "value") parameters.set("sort", filters.sort);
  if (filters.order !== "desc") parameters.set("order", filters.order);
  if (filters.offset > 0) parameters.set("offset", String(filters.offset));
  return parameters;
}

export function PoolFilters({ filters, change }: { filters: Filters; change: (filters: Filters) => void }) {
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <SearchField
        label="Search pools by number, owner or description"
        placeholder="Number, owner or description"
        initial={filters.search}
        change={(search) => change({ ...filters, search, offset: 0 })}
      />
      <Select
        aria-label="Highest commission"
        placeholder="Any commission"
        data={COMMISSIONS.map((percent) => ({ value: String(percent), label: `Commission up to ${percent} %` }))}
        value={filters.maxCommission === undefined ? null : String(filters.maxCommission)}
        onChange={(value) => change({ ...filters, maxCommission: value ? Number(value) : undefined, offset: 0 })}
        clearable
        clearButtonProps={{ "aria-label": "Any commission" }}
        w={210}
      />
      <Select
        aria-label="Lowest APR"
        placeholder="Any APR"
        data={APRS.map((percent) => ({ value: String(percent), label: `APR from ${percent} %` }))}
        value={filters.minApr === undefined ? null : String(filters.minApr)}
        onChange={(value) => change({ ...filters, minApr: value ? Number(value) : undefined, offset: 0 })}
        clearable
        clearButtonProps={{ "aria-label": "Any APR" }}
        w={150}
      />
      <Select
        aria-label="Sort by"
        data={SORTS.map(({ value, label }) => ({ value, label: `Sort by ${label.toLowerCase()}` }))}
        value={filters.sort}
        onChange={(value) => isSort(value) && change({ ...filters, sort: value, offset: 0 })}
        allowDeselect={false}
        w={190}
        hiddenFrom="sm"
      />
      <Group gap={6}>
        <Chip checked={filters.isMining} onChange={(isMining) => change({ ...filters, isMining, offset: 0 })}>
          Mining now
        </Chip>
        <Chip checked={filters.hasRoom} onChange={(hasRoom) => change({ ...filters, hasRoom, offset: 0 })}>
          Has room
        </Chip>
        <Chip checked={filters.isOpen} onChange={(isOpen) => change({ ...filters, isOpen, offset: 0 })}>
          Open to everybody
        </Chip>
        <Group gap={2} wrap="nowrap">
          <Chip checked={filters.isVerified} onChange={(isVerified) => change({ ...filters, isVerified, offset: 0 })}>
            Verified in full
          </Chip>
          <Info term="verified" />
        </Group>
      </Group>
    </Group>
  );
}
