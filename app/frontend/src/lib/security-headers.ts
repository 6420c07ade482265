type Page = { nonce: string; isDevelopment: boolean; isHttps: boolean };

const TWO_YEARS = 63_072_000;

/** Features of the browser that no page here uses, so that no script on it can either. */
const UNUSED_FEATURES = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-get",
  "usb",
];

/** Every header that protects a page. */
export function securityHeaders(page: Page): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(page),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": UNUSED_FEATURES.map((feature) => `${feature}=()`).join(", "),
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
    // For browsers that do not know frame-ancestors.
    "x-frame-options": "DENY",
    // Over plain http browsers ignore it, as they must.
    ...(page.isHttps && {
      "strict-transport-security": `max-age=${TWO_YEARS}; includeSubDomains`,
    }),
  };
}

/**
 * What a page may load. Scripts need this response's nonce; styles may be
 * inline, because floating elements are placed by style attributes.
 */
function contentSecurityPolicy({ nonce, isDevelopment, isHttps }: Page): string {
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
    ...(isHttps ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}
