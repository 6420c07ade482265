import { proxyToBackend } from "@/lib/backend-proxy";

export const dynamic = "force-dynamic";

export {
  proxyToBackend as DELETE,
  proxyToBackend as GET,
  proxyToBackend as HEAD,
  proxyToBackend as OPTIONS,
  proxyToBackend as PATCH,
  proxyToBackend as POST,
  proxyToBackend as PUT,
};
