// A tiny server for a build, with the headers that the node's own code names.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { compressed, PAGES } from "../build/tree.mjs";

const TYPES = {
  css: "text/css; charset=utf-8",
  ftl: "text/plain; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

// Read out of the node's module as it is: it imports nothing of the node.
const READ = `
import json, runpy
found = runpy.run_path("../kith_node/web/headers.py")
print(json.dumps([dict(found["PAGE_HEADERS"]), dict(found["ASSET_HEADERS"])]))
`;

/** What the node adds to every answer. */
const ALWAYS = { "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" };

/** Serves a tree on a free port of loopback. Unknown addresses get the page, with 404. */
export async function serve(tree) {
  const [page, asset] = JSON.parse(execFileSync("python3", ["-c", READ], { encoding: "utf8" }));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const path = PAGES.includes(pathname) ? "index.html" : pathname.slice(1);
    const name = tree.has(path) ? path : "index.html";
    const headers = { ...ALWAYS, ...(name.startsWith("assets/") ? asset : page) };
    const body = compressed(tree.get(name));
    response.writeHead(tree.has(path) ? 200 : 404, {
      ...headers,
      "Content-Type": TYPES[name.slice(name.lastIndexOf(".") + 1)],
      "Content-Encoding": "br",
      "Content-Length": body.length,
    });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
