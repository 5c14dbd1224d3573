import {
  ActionIcon,
  AppShell,
  Burger,
  Container,
  Group,
  Indicator,
  NavLink,
  ScrollArea,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconAffiliate,
  IconBook2,
  IconBuildingWarehouse,
  IconCalculator,
  IconCoins,
  IconCpu,
  IconHexagons,
  IconMoon,
  IconReceipt,
  IconStack2,
  IconSun,
} from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link, Outlet, ScrollRestoration, useLocation } from "react-router";
import { useLiveChain } from "@/chain/queries";
import { useTransactions } from "@/chain/transactions";
import { ChainStatus } from "./chain-status";
import { ConnectionBanner } from "./connection-banner";
import classes from "./shell.module.css";
import { TransactionDialog } from "./transaction-dialog";
import { TransactionDrawer } from "./transaction-drawer";
import { AccountButton, WalletPicker } from "./wallet-picker";

const NAVIGATION = [
  { to: "/", label: "Network", icon: IconAffiliate },
  { to: "/pools", label: "Pools", icon: IconCoins },
  { to: "/vaults", label: "Vaults", icon: IconStack2 },
  { to: "/workers", label: "Workers", icon: IconCpu },
  { to: "/delegation", label: "My delegation", icon: IconHexagons },
  { to: "/farm", label: "My farm", icon: IconBuildingWarehouse },
  { to: "/calculator", label: "Calculator", icon: IconCalculator },
  { to: "/wiki", label: "Wiki", icon: IconBook2 },
] as const;

/** The frame around all pages. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { pathname, hash } = useLocation();
  const main = useRef<HTMLElement>(null);
  useLiveChain();

  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    close();
    // Who reads with the ears is told of the new page.
    if (!hash) main.current?.focus({ preventScroll: true });
  }, [pathname, hash, close]);

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: "md", collapsed: { mobile: !isOpen } }}
      padding={0}
      transitionDuration={150}
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={isOpen ? "Close the menu" : "Open the menu"}
            />
            <Link to="/" className={classes.brand} aria-label="Khala Console: to the network">
              <img src="/icon.svg" width={26} height={26} alt="" />
              <Text fw={680} visibleFrom="xs" component="span">
                Khala Console
              </Text>
            </Link>
          </Group>
          <Group gap={6} wrap="nowrap">
            <ChainStatus />
            <TransactionsButton />
            <ThemeButton />
            <AccountButton />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="xs" aria-label="Pages" component="nav">
        <AppShell.Section grow component={ScrollArea}>
          {NAVIGATION.map(({ to, label, icon: Icon }) => {
            const isActive = to === "/" ? pathname === "/" : pathname.startsWith(to);
            return (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={label}
                leftSection={<Icon size={19} stroke={1.6} aria-hidden />}
                active={isActive}
                aria-current={isActive ? "page" : undefined}
                className={classes.link}
              />
            );
          })}
        </AppShell.Section>
        <AppShell.Section>
          <Text size="xs" c="dimmed" px="sm" py={6}>
            Numbers are live from the chain. Estimates promise nothing.
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <Container size={1440} px={{ base: "md", sm: "lg" }} py={{ base: "md", sm: "xl" }}>
          <Outlet />
        </Container>
      </AppShell.Main>
      <WalletPicker />
      <TransactionDialog />
      <TransactionDrawer />
      <ScrollRestoration />
    </AppShell>
  );
}

function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const label = isDark ? "Use the light theme" : "Use the dark theme";
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={label}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
      >
        {isDark ? <IconSun size={19} aria-hidden /> : <IconMoon size={19} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function TransactionsButton() {
  const { all, open } = useTransactions();
  const pending = all.filter(({ stage }) => stage !== "finalised" && stage !== "failed").length;
  const label = pending > 0 ? `Transactions: ${pending} on the way` : "Transactions";
  return (
    <Tooltip label={label}>
      <Indicator label={pending} size={16} disabled={pending === 0} offset={5} color="teal.8">
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={open}>
          <IconReceipt size={19} aria-hidden />
        </ActionIcon>
      </Indicator>
    </Tooltip>
  );
}
