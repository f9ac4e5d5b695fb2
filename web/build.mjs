// Bundles editor.js with CodeMirror into the file that the server ships, and the licences of all
// that went into it beside it. The first line holds a digest of the sources, so that a test can
// tell, without Node, whether the bundle is theirs.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const target = "../src/jagraph/web/static/editor";
const sources = ["build.mjs", "editor.js", "package-lock.json", "package.json"];
const digest = createHash("sha256");
for (const name of sources) digest.update(readFileSync(name));

const { metafile } = await build({
  entryPoints: ["editor.js"],
  outfile: `${target}.js`,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  metafile: true,
  legalComments: "none",
  banner: { js: `/* made from web/ by "make assets", sources ${digest.digest("hex")}; licences: editor.LICENSES.txt */` },
});

const inside = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//u;
const packages = [...new Set(Object.keys(metafile.inputs).map((path) => inside.exec(path)?.[1]).filter(Boolean))].sort();
const licences = packages.map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version} (${license})\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}\n`;
});
writeFileSync(`${target}.LICENSES.txt`, licences.join("\n----\n\n"));
