import Link from "next/link";
import { Shell } from "@/components/features/Shell";

export default function NotFound() {
  return (
    <Shell>
      <div className="m-auto text-center">
        <h1 className="text-lg font-semibold">There is no such page</h1>
        <p className="mt-1 text-sm text-muted">The link may be old, or mistyped.</p>
        <p className="mt-5">
          <Link href="/" className="text-sm font-medium text-accent-ink hover:underline">
            Go to your todos
          </Link>
        </p>
      </div>
    </Shell>
  );
}
