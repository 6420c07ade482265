/**
 * What a page may load. Scripts need this response's nonce; styles may be
 * inline, because floating elements are placed by style attributes.
 */
export function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  // The development server evaluates code and talks to the page over a socket.
  const scripts = isDevelopment ? " 'unsafe-eval'" : "";
  const sockets = isDevelopment ? " ws:" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
