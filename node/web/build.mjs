// Builds the web client.
//   node build.mjs                    into ../kith_node/webroot
//   node build.mjs --out FOLDER       somewhere else
//   node build.mjs --budget           nothing is written; prints sizes, fails if too large
//   node build.mjs --budget --all     fails also while one of the languages has no texts
// The same sources give the same bytes, in whatever folder they stand.
import { measure } from "./tools/build/budget.mjs";
import { buildTree, writeTree } from "./tools/build/tree.mjs";

const TARGET = "../kith_node/webroot";

function optionOf(option) {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
}

const built = await buildTree();
if (process.argv.includes("--budget")) {
  const { report, notes, faults } = measure(built, { all: process.argv.includes("--all") });
  console.log(JSON.stringify(report));
  for (const note of notes) console.error(`note: ${note}`);
  for (const fault of faults) console.error(`too much: ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
} else {
  const folder = optionOf("--out") ?? TARGET;
  writeTree(built.tree, folder);
  console.log(`${built.tree.size} files in ${folder}`);
}
