import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "react-router/dom";
import { ChainProvider } from "./chain/connection";
import { TransactionsProvider } from "./chain/transactions";
import { router } from "./routes";
import { WalletProvider } from "./wallet/wallet";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A query that failed is asked again by the next block or the next interval; nobody waits minutes for a message.
      retry: 1,
      retryDelay: 500,
      refetchOnWindowFocus: false,
      staleTime: 500,
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <ChainProvider>
        <WalletProvider>
          <TransactionsProvider>
            <RouterProvider router={router} />
          </TransactionsProvider>
        </WalletProvider>
      </ChainProvider>
    </QueryClientProvider>
  );
}
