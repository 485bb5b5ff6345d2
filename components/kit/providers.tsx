"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { Announcer } from "./announce";
import { cssVariablesResolver, theme } from "./theme";
import { NowProvider } from "./time";

/** `now` is the server's time of rendering in ms; with it the first paint already says "2 s ago". */
export function Providers({ children, now }: { children: ReactNode; now?: number }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: 1, refetchOnWindowFocus: true } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
          <NowProvider now={now}>{children}</NowProvider>
          <Notifications position="bottom-right" limit={3} zIndex={400} />
          <Announcer />
        </MantineProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
