import { Box, Group, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import type { Term } from "@/wiki/entries";
import { Label } from "./info";
import classes from "./page.module.css";

interface PageProps {
  title: string;
  /** The heading where it is more than the title. */
  heading?: ReactNode;
  subtitle?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its heading, what can be done, its content. */
export function Page({ title, heading, subtitle, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Khala Console`;
  }, [title]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Box>
          <Title order={1} size="h2">
            {heading ?? title}
          </Title>
          {subtitle && (
            <Text c="dimmed" size="sm" mt={4} component="div">
              {subtitle}
            </Text>
          )}
        </Box>
        {actions && (
          // Below the heading on phones, whatever the heading will be.
          <Group gap="xs" w={{ base: "100%", sm: "auto" }}>
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  );
}

interface SectionProps {
  title: string;
  term?: Term;
  actions?: ReactNode;
  children: ReactNode;
  description?: ReactNode;
}

/** A card with a heading. */
export function Section({ title, actions, children, description, term }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <Box>
          <Group gap={4} wrap="nowrap">
            <Title order={2} size="h4">
              {title}
            </Title>
            {term && <Label term={term}>{""}</Label>}
          </Group>
          {description && (
            <Text size="sm" c="dimmed" component="div" mt={2}>
              {description}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </section>
  );
}

/** One number with its name, its unit and its explanation. */
export function Stat({
  term,
  label,
  value,
  detail,
  error,
}: {
  term: Term;
  label?: string;
  /** Undefined while it is loaded. */
  value: ReactNode | undefined;
  detail?: ReactNode;
  /** Set when it could not be loaded: nothing is waited for then. */
  error?: unknown;
}) {
  const isWaiting = value === undefined && !error;
  return (
    <div className={classes.stat}>
      <Label term={term}>{label}</Label>
      {isWaiting ? (
        <Skeleton height={22} width={96} my={5} />
      ) : (
        <Text component="div" className={`num ${classes.value}`}>
          {value ?? "—"}
        </Text>
      )}
      <Text component="div" size="xs" c="dimmed" className={classes.detail}>
        {isWaiting ? (
          <Skeleton height={10} width={64} mt={4} />
        ) : value === undefined ? (
          "not available now"
        ) : (
          (detail ?? " ")
        )}
      </Text>
    </div>
  );
}

export function Stats({ children, cols = 4 }: { children: ReactNode; cols?: number }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: Math.min(3, cols), lg: cols }} spacing={{ base: "xs", sm: "md" }}>
      {children}
    </SimpleGrid>
  );
}

/** A row of a list of facts: name left, value right. */
export function Fact({ term, label, children }: { term?: Term; label?: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <Label term={term}>{label}</Label>
      <Text component="div" size="sm" ta="right" className="num" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
}

/** One number of several in a card, with its name and its explanation. */
export function Small({ term, label, children }: { term: Term; label?: string; children: ReactNode }) {
  return (
    <div>
      <Label term={term} size="xs">
        {label}
      </Label>
      <Text size="sm" fw={600} className="num" component="div">
        {children}
      </Text>
    </div>
  );
}
