import { QueryClient } from "@tanstack/react-query";
import { endSignOut, signOut } from "@/lib/sign-out";

const router = { replace: jest.fn() };
beforeEach(() => {
  router.replace.mockClear();
  window.history.replaceState(null, "", "/");
});

describe("signing out", () => {
  it("gives the first of several reasons, and the next one after another sign-in", () => {
    const client = new QueryClient();
    signOut(client, router, "revoked");
    signOut(client, router, "expired");
    expect(router.replace.mock.calls).toEqual([["/login?ended=revoked"]]);
    endSignOut(client);
    signOut(client, router, "expired");
    expect(router.replace).toHaveBeenLastCalledWith("/login?ended=expired");
  });

  it("lets nothing keep somebody from what they wish", () => {
    const client = new QueryClient();
    signOut(client, router, "expired");
    signOut(client, router, "wish");
    expect(router.replace).toHaveBeenLastCalledWith("/login");
  });

  it("changes nothing for someone who is there already", () => {
    window.history.replaceState(null, "", "/login?ended=revoked");
    signOut(new QueryClient(), router, "expired");
    expect(router.replace).not.toHaveBeenCalled();
  });
});
