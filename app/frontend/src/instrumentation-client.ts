import { watchUncaught } from "@/lib/report";
import { whenIdle } from "@/lib/when-idle";

watchUncaught();

// The server says whether spans have somewhere to go; until then none of the code is fetched.
if (document.documentElement.dataset.tracing === "on")
  whenIdle(() => {
    import("@/lib/browser-tracing").then(
      ({ startBrowserTracing }) => startBrowserTracing(),
      () => undefined,
    );
  });
