/**
 * Server settings, read on every use: one build serves every environment, so
 * nothing of it may be frozen into the bundle.
 */
export function backendUrl(): string {
  return process.env.BACKEND_URL || "http://127.0.0.1:8000";
}

export function cookiePrefix(): string {
  return process.env.COOKIE_PREFIX || "refapp";
}
