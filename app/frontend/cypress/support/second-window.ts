/**
 * A second window of the same browser, with a page, a connection and a cache of
 * its own. Cypress drives only the page in its own tab, and the application's
 * isolation keeps windows from reaching each other: this one is driven by the
 * browser's debugging protocol, over the connection that Cypress has to it.
 */
export type SecondWindow = {
  /** Runs a function in that page; what it needs comes as its argument. */
  run: <Argument, Answer>(
    what: (argument: Argument) => Answer,
    argument: Argument,
  ) => Cypress.Chainable<Answer>;
  /** Waits until a function of that page is true. */
  until: <Argument>(
    what: (argument: Argument) => boolean,
    argument: Argument,
    timeout?: number,
  ) => void;
  close: () => void;
};

type Target = { targetId: string; type: string; url: string };
type Evaluation = { result: { value: unknown }; exceptionDetails?: { text: string } };

const POLL_MS = 100;
const PATIENCE_MS = 15_000;

export function openSecondWindow(path: string): SecondWindow {
  let session = "";

  async function attach(known: Set<string>): Promise<string> {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause()) {
      const opened = (await pages()).find(({ targetId }) => !known.has(targetId));
      if (!opened) continue;
      const { targetId } = opened;
      const attached = await send("Target.attachToTarget", { targetId, flatten: true });
      return (attached as { sessionId: string }).sessionId;
    }
    throw new Error("the browser opened no second window");
  }

  async function evaluate<Argument, Answer>(
    what: (argument: Argument) => Answer,
    argument: Argument,
  ): Promise<Answer> {
    const expression = `(${what.toString()})(${JSON.stringify(argument)})`;
    const options = { expression, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = (await send(
      "Runtime.evaluate",
      options,
      session,
    )) as Evaluation;
    if (exceptionDetails) throw new Error(`in the second window: ${exceptionDetails.text}`);
    return result.value as Answer;
  }

  cy.window({ log: false }).then({ timeout: PATIENCE_MS + 1000 }, async (page) => {
    const known = new Set((await pages()).map(({ targetId }) => targetId));
    page.open(path, "_blank", "noopener,width=900,height=700");
    session = await attach(known);
  });

  return {
    run: (what, argument) => cy.then(() => evaluate(what, argument)) as never,
    until: (what, argument, timeout = PATIENCE_MS) => {
      cy.then({ timeout: timeout + 1000 }, async () => {
        for (const deadline = Date.now() + timeout; Date.now() < deadline; await pause())
          // While it goes to another page there is nothing to ask.
          if (await evaluate(what, argument).catch(() => false)) return;
        const text = await evaluate(() => document.body.innerText, null);
        throw new Error(`the second window never came to ${what} (${argument}): ${text}`);
      });
    },
    close: () => void cy.then(() => evaluate(() => window.close(), null).catch(() => undefined)),
  };
}

function send(command: string, params: object = {}, sessionId?: string): Promise<unknown> {
  const message = { command, params, sessionId };
  return Cypress.automation("remote:debugger:protocol", message) as Promise<unknown>;
}

async function pages(): Promise<Target[]> {
  const { targetInfos } = (await send("Target.getTargets")) as { targetInfos: Target[] };
  return targetInfos.filter(({ type }) => type === "page");
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, POLL_MS));
}
