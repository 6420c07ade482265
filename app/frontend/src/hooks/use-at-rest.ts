import { useEffect, useState } from "react";
import { whenAtRest } from "@/lib/when-at-rest";

/** False while the page has just come, and nobody has reached for it. */
export function useAtRest(): boolean {
  const [isAtRest, setAtRest] = useState(false);
  useEffect(() => whenAtRest(() => setAtRest(true)), []);
  return isAtRest;
}
