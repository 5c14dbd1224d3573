import { Center, Loader } from "@mantine/core";
import { createBrowserRouter } from "react-router";
import { NotFound } from "./pages/not-found";
import { Crashed } from "./shell/crashed";
import { Shell } from "./shell/shell";

/** Each page is loaded when it is first visited. */
export const router = createBrowserRouter([
  {
    path: "/",
    Component: Shell,
    ErrorBoundary: Crashed,
    HydrateFallback: () => (
      <Center h="100vh">
        <Loader aria-label="Loading" />
      </Center>
    ),
    children: [
      {
        ErrorBoundary: Crashed,
        children: [
          { index: true, lazy: async () => ({ Component: (await import("./pages/network")).Network }) },
          { path: "pools", lazy: async () => ({ Component: (await import("./pages/pools")).Pools }) },
          { path: "pools/:pool", lazy: async () => ({ Component: (await import("./pages/pool")).PoolPage }) },
          { path: "vaults", lazy: async () => ({ Component: (await import("./pages/vaults")).Vaults }) },
          { path: "vaults/:vault", lazy: async () => ({ Component: (await import("./pages/vault")).VaultPage }) },
          { path: "workers", lazy: async () => ({ Component: (await import("./pages/workers")).Workers }) },
          { path: "workers/:worker", lazy: async () => ({ Component: (await import("./pages/worker")).WorkerPage }) },
          { path: "delegation", lazy: async () => ({ Component: (await import("./pages/delegation")).Delegation }) },
          { path: "farm", lazy: async () => ({ Component: (await import("./pages/farm")).Farm }) },
          { path: "calculator", lazy: async () => ({ Component: (await import("./pages/calculator")).Calculator }) },
          { path: "wiki", lazy: async () => ({ Component: (await import("./pages/wiki")).Wiki }) },
          { path: "blocks/:block", lazy: async () => ({ Component: (await import("./pages/block")).BlockPage }) },
          { path: "*", Component: NotFound },
        ],
      },
    ],
  },
]);
