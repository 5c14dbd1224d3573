import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Page } from "@/components/page";
import { Empty } from "@/components/state";

export function NotFound() {
  return (
    <Page title="Page not found">
      <Empty
        title="There is nothing here"
        action={
          <Button component={Link} to="/">
            To the network
          </Button>
        }
      >
        The address may be mistyped, or the page was moved.
      </Empty>
    </Page>
  );
}
