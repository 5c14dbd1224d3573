import { Chip, Group, Select } from "@mantine/core";
import type { VaultsAsked } from "@/api/queries";
import { SearchField } from "@/components/search-field";

type Sort = NonNullable<VaultsAsked["sort"]>;

export interface Filters {
  search: string;
  hasRoom: boolean;
  /** In per cent. */
  maxFee: number | undefined;
  sort: Sort;
  order: "asc" | "desc";
  offset: number;
}

const SORTS: { value: Sort; label: string }[] = [
  { value: "value", label: "Value" },
  { value: "apr", label: "APR" },
  { value: "change", label: "Gain in a week" },
  { value: "fee", label: "Fee" },
  { value: "free", label: "Free coins" },
  { value: "room", label: "Room" },
  { value: "pools", label: "Pools" },
  { value: "delegators", label: "Delegators" },
  { value: "vault", label: "Number" },
];
const isSort = (text: string | null): text is Sort => SORTS.some(({ value }) => value === text);

const FEES = [5, 10, 20, 50];

/** The filters that an address of the page names; anything else counts as not said. */
export function readFilters(parameters: URLSearchParams): Filters {
  const sort = parameters.get("sort");
  const fee = Number(parameters.get("fee"));
  const offset = Number(parameters.get("offset"));
  return {
    search: parameters.get("search")?.slice(0, 100) ?? "",
    hasRoom: parameters.get("room") === "yes",
    maxFee: FEES.includes(fee) ? fee : undefined,
    sort: isSort(sort) ? sort : "value",
    order: parameters.get("order") === "asc" ? "asc" : "desc",
    offset: Number.isInteger(offset) && offset > 0 && offset < 1_000_000 ? offset : 0,
  };
}

export function writeFilters(filters: Filters): URLSearchParams {
  const parameters = new URLSearchParams();
  if (filters.search) parameters.set("search", filters.search);
  if (filters.hasRoom) parameters.set("room", "yes");
  if (filters.maxFee !== undefined) parameters.set("fee", String(filters.maxFee));
  if (filters.sort !== "value") parameters.set("sort", filters.sort);
  if (filters.order !== "desc") parameters.set("order", filters.order);
  if (filters.offset > 0) parameters.set("offset", String(filters.offset));
  return parameters;
}

export function VaultFilters({ filters, change }: { filters: Filters; change: (filters: Filters) => void }) {
  return (
    <Group gap="sm" mb="md" align="flex-end">
      <SearchField
        label="Search vaults by number or owner"
        placeholder="Number or owner"
        initial={filters.search}
        change={(search) => change({ ...filters, search, offset: 0 })}
      />
      <Select
        aria-label="Highest fee"
        placeholder="Any fee"
        data={FEES.map((percent) => ({ value: String(percent), label: `Fee up to ${percent} %` }))}
        value={filters.maxFee === undefined ? null : String(filters.maxFee)}
        onChange={(value) => change({ ...filters, maxFee: value ? Number(value) : undefined, offset: 0 })}
        clearable
        clearButtonProps={{ "aria-label": "Any fee" }}
        w={180}
      />
      <Select
        aria-label="Sort by"
        data={SORTS.map(({ value, label }) => ({
          value,
          label: `Sort by ${label.toLowerCase().replace("apr", "APR")}`,
        }))}
        value={filters.sort}
        onChange={(value) => isSort(value) && change({ ...filters, sort: value, offset: 0 })}
        allowDeselect={false}
        w={210}
        hiddenFrom="sm"
      />
      <Chip checked={filters.hasRoom} onChange={(hasRoom) => change({ ...filters, hasRoom, offset: 0 })}>
        Has room
      </Chip>
    </Group>
  );
}
