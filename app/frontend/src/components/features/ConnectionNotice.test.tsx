import { act, screen, waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { ConnectionNotice } from "@/components/features/ConnectionNotice";
import { HealthStatus } from "@/components/features/HealthStatus";
import { renderApp } from "@/test/render";
import { problem, server, startServer } from "@/test/server";

startServer();

const notice = () => screen.getByTestId("connection-notice");

function goOnline(isOnline: boolean) {
  jest.spyOn(navigator, "onLine", "get").mockReturnValue(isOnline);
  act(() => void window.dispatchEvent(new Event(isOnline ? "online" : "offline")));
}

it("announces that the browser is offline, and stops when it is back", () => {
  renderApp(<ConnectionNotice />);
  expect(notice()).toBeEmptyDOMElement();
  expect(notice()).toHaveAttribute("role", "status");
  goOnline(false);
  expect(notice()).toHaveTextContent("You are offline.");
  goOnline(true);
  expect(notice()).toBeEmptyDOMElement();
});

it.each([
  ["got no answer", () => HttpResponse.error()],
  ["got none from behind the proxy", () => problem(502, "The server cannot be reached.")],
])("announces a request that %s, until one does", async (_what, answer) => {
  server.use(http.get("*/api/v1/health", answer, { once: true }));
  const { client } = renderApp(
    <>
      <ConnectionNotice />
      <HealthStatus />
    </>,
  );
  await waitFor(() => expect(notice()).toHaveTextContent("The server cannot be reached."));
  await act(() => client.refetchQueries());
  await waitFor(() => expect(notice()).toBeEmptyDOMElement());
});
