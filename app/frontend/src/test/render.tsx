import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { ToastProvider } from "@/components/ui/toast";
import { ThemeProvider } from "@/hooks/use-theme";
import { createQueryClient } from "@/lib/query-client";
// What a page loads late: Jest takes longer to compile it than a test waits.
import "@hookform/resolvers/zod";
import "@/components/ui/toast-view";
import "@/services/api";
import "@/services/auth";

/** Renders as the application does, minus Next; each call has its own cache. */
export function renderApp(ui: ReactElement) {
  const onSessionEnd = jest.fn();
  const client = createQueryClient(onSessionEnd);
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const view = render(
    <QueryClientProvider client={client}>
      <ThemeProvider initial="system">
        <ToastProvider>{ui}</ToastProvider>
      </ThemeProvider>
    </QueryClientProvider>,
  );
  // Someone reaches for the page: what nobody waits for comes now rather than after a rest.
  fireEvent.pointerMove(window);
  return { ...view, client, onSessionEnd, user: userEvent.setup() };
}
