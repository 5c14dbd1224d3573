import { Anchor, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useLocation } from "react-router";
import { Page } from "@/components/page";
import { Empty } from "@/components/state";
import { ENTRIES, type Entry, GROUPS } from "@/wiki/entries";
import classes from "./wiki.module.css";

export function Wiki() {
  const { hash } = useLocation();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLowerCase();
  const all = Object.entries(ENTRIES) as [string, Entry][];
  const found = all.filter(([, { title, short, more }]) =>
    `${title} ${short} ${more ?? ""}`.toLowerCase().includes(wanted),
  );

  useEffect(() => {
    const entry = hash ? document.getElementById(hash.slice(1)) : null;
    entry?.scrollIntoView({ block: "center" });
    entry?.focus({ preventScroll: true });
  }, [hash]);

  return (
    <Page title="Wiki" subtitle="What the words and numbers of this console mean.">
      <TextInput
        aria-label="Search the wiki"
        placeholder="Search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
      />
      {found.length === 0 && <Empty title="Nothing found">Try another word, or a part of it.</Empty>}
      <Stack gap="xl">
        {GROUPS.map((group) => {
          const entries = found.filter(([, entry]) => entry.group === group);
          if (entries.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <Title order={2} size="h4" mb="sm">
                {group}
              </Title>
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
                {entries.map(([term, entry]) => (
                  <article
                    key={term}
                    id={term}
                    tabIndex={-1}
                    className={classes.entry}
                    data-target={hash === `#${term}` || undefined}
                  >
                    <Group justify="space-between" wrap="nowrap" align="flex-start">
                      <Title order={3} size="h6">
                        {entry.title}
                      </Title>
                      <Anchor href={`#${term}`} size="xs" c="dimmed" aria-label={`Link to ${entry.title}`}>
                        #
                      </Anchor>
                    </Group>
                    <Text size="sm" mt={4}>
                      {entry.short}
                    </Text>
                    {entry.more && (
                      <Text size="sm" mt={6} c="dimmed">
                        {entry.more}
                      </Text>
                    )}
                  </article>
                ))}
              </SimpleGrid>
            </section>
          );
        })}
      </Stack>
    </Page>
  );
}
