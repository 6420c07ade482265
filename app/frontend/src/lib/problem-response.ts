const TITLES: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  429: "Too Many Requests",
  502: "Bad Gateway",
};

/** RFC 9457 problem details, the shape in which the backend reports errors too. */
export function problemResponse(
  { url }: Request,
  status: number,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    {
      type: "about:blank",
      title: TITLES[status],
      status,
      detail,
      instance: new URL(url).pathname,
    },
    {
      status,
      headers: {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        ...headers,
      },
    },
  );
}
