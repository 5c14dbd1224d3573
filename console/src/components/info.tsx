import { ActionIcon, Anchor, Group, Popover, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ENTRIES, type Entry, type Term } from "@/wiki/entries";

/** The (i) beside a number: what it means, with the way to the wiki. */
export function Info({ term }: { term: Term }) {
  const entry: Entry = ENTRIES[term];
  return (
    <Popover width={300} position="top" withArrow shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={20}
          radius="xl"
          aria-label={`What is “${entry.title}”?`}
          c="dimmed"
        >
          <IconInfoCircle size={15} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          <Text fw={600} size="sm">
            {entry.title}
          </Text>
          <Text size="sm">{entry.short}</Text>
          <Anchor component={Link} to={`/wiki#${term}`} size="sm">
            Read more in the wiki
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A label with its (i). */
export function Label({ term, children, size = "sm" }: { term?: Term; children?: ReactNode; size?: "xs" | "sm" }) {
  const text = children ?? (term ? ENTRIES[term].title : null);
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Text component="span" size={size} c="dimmed">
        {text}
      </Text>
      {term && <Info term={term} />}
    </Group>
  );
}
