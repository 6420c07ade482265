// Next leaves assets out of the standalone folder, for those who serve them from a CDN.
import { cpSync } from "node:fs";

const dist = process.env.NEXT_DIST_DIR || ".next";
cpSync(`${dist}/static`, `${dist}/standalone/${dist}/static`, { recursive: true });
cpSync("public", `${dist}/standalone/public`, { recursive: true });
