// The states of a query: loading without a jump, nothing there, something went wrong.
import { Alert, Button, Center, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconInbox } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemText } from "@/lib/problems";

export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Center py="xl">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <ThemeIcon size={44} radius="xl" variant="light" color="gray">
          <IconInbox size={22} aria-hidden />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** What could not be loaded, why, and that it is being tried again. */
export function Failed({ error, retry, what }: { error: unknown; retry?: () => void; what: string }) {
  return (
    <Alert
      color="gray"
      variant="light"
      icon={<IconAlertTriangle size={18} aria-hidden color="var(--khala-warn)" />}
      title={`${what} could not be loaded`}
      role="alert"
    >
      <Text size="sm">{problemText(error)}</Text>
      {retry && (
        <Button size="compact-sm" variant="default" onClick={retry} mt="xs">
          Try again
        </Button>
      )}
    </Alert>
  );
}

interface Props<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "isPending"> & { refetch: () => unknown };
  /** What is loaded, as the beginning of a sentence: `The pools`. */
  what: string;
  /** Height that the content will have, in pixels, or the skeleton itself. */
  skeleton: number | ReactNode;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Shows what a query has, and says what it lacks. Data that was there stays while it is asked for again. */
export function Loaded<T>({ query, what, skeleton, isEmpty, empty, children }: Props<T>) {
  if (query.data !== undefined) {
    if (isEmpty?.(query.data)) return <>{empty}</>;
    return <>{children(query.data)}</>;
  }
  if (query.error) return <Failed error={query.error} what={what} retry={() => void query.refetch()} />;
  return (
    <div aria-busy="true" role="status" aria-label={`${what}: loading`}>
      {typeof skeleton === "number" ? <Skeleton height={skeleton} /> : skeleton}
    </div>
  );
}

/** Skeleton of a table with so many rows. */
export function RowsSkeleton({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  return (
    <Stack gap={8} py={8}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <Skeleton key={index} height={height - 8} />
      ))}
    </Stack>
  );
}
