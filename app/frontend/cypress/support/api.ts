/** What a browser adds to its requests; the backend takes cookies from nowhere else. */
const headers = { "sec-fetch-site": "same-origin" };

/** A request of the same person, from no page. */
export function api(method: string, path: string, body?: object, failOnStatusCode = true) {
  return cy.request({ method, url: `/api/v1${path}`, body, headers, failOnStatusCode });
}
