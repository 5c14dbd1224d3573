import { Button, Center, Stack, Text, Title } from "@mantine/core";
import { useRouteError } from "react-router";
import { problemText } from "@/lib/problems";

/** A part of the console broke: what is left says so. */
export function Crashed() {
  const error = useRouteError();
  return (
    <Center mih="60vh" p="lg">
      <Stack align="center" maw={480} ta="center">
        <Title order={1} size="h3">
          This page broke
        </Title>
        <Text c="dimmed">{problemText(error)}</Text>
        <Text c="dimmed" size="sm">
          Nothing on the chain is affected. Transactions that were sent go on.
        </Text>
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Stack>
    </Center>
  );
}
