type Bucket = { tokens: number; at: number };

type Limits = { burst: number; aMinute: number };

/** Beyond these the oldest are forgotten, so that made-up addresses cannot fill the memory. */
const KEYS_MAX = 10_000;

/** Token buckets by key, for this process: `take` says whether one more is within the limits. */
export class RateLimit {
  readonly #limits: Limits;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  take(key: string, now = Date.now()): boolean {
    const { burst, aMinute } = this.#limits;
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + ((now - at) / 60_000) * aMinute);
    const allowed = filled >= 1;
    // Set anew, so that the map's order is by last use.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: allowed ? filled - 1 : filled, at: now });
    const oldest = this.#buckets.keys().next().value;
    if (this.#buckets.size > KEYS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
    return allowed;
  }
}
