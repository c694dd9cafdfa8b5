// Builds src/kedang/web/assets into src/kedang/web/static/dist: minified, self-contained, nothing loaded from outside.
import { build } from "esbuild";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const from = join(root, "src/kedang/web/assets");
const to = join(root, "src/kedang/web/static/dist");

await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });

await build({
  entryPoints: [join(from, "css/kedang.css"), join(from, "js/kedang.js"), join(from, "js/camera.js")],
  outdir: to,
  entryNames: "[name]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome90", "firefox90", "safari14.1"],
  legalComments: "eof",
  loader: { ".svg": "file", ".woff2": "file", ".png": "file" },
  nodePaths: [join(root, "node_modules")],
  logLevel: "warning",
});

for (const entry of await readdir(from, { withFileTypes: true })) {
  if (entry.isFile()) await cp(join(from, entry.name), join(to, entry.name));
}
