// What searching on the device costs, as JSON: node tools/bench-search.mjs [offers]
import { spawnSync } from "node:child_process";

const command = ["tools/run.mjs", "tools/bench-search.main.ts", ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, command, { stdio: "inherit" }).status ?? 1;
