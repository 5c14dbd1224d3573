// Checks what was built: how much the first visit loads, and that nothing is in it that must not be.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Most that a first visit of a page may load, compressed, in bytes. */
const FIRST_LOAD = 500_000;
/** Parts that are loaded by need, and not by every visit: words of errors, and the chain's types for who works without a node. */
const LATER = [/^src\/pages\//, /error-texts\.json$/, /khala_metadata-[^/]+$/];
/** Keys that everybody knows, and the library that tests sign with: their place is in tests. */
const FORBIDDEN = [
  ["the development phrase", /bottom drive obey lake curtain/],
  ["the development seed", /fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e/i],
  ["a development account", /["'`]\/\/(Alice|Bob|Charlie|Dave|Eve|Ferdie|Operator|Delegator)\b/],
  ["a style or font of another host", /@import\s+(url\()?["']?https?:|url\(\s*["']?https?:/],
];

const dist = "dist";
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const compressed = (file) => gzipSync(readFileSync(join(dist, file))).length;
const problems = [];

/** A part of the program with all that it needs: before it runs, and as soon as it does. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const { imports = [], dynamicImports = [] } = manifest[name];
  for (const each of [...imports, ...dynamicImports.filter((each) => !LATER.some((later) => later.test(each)))])
    closure(each, seen);
  return seen;
}

const entry = Object.keys(manifest).find((name) => manifest[name].isEntry);
const pages = manifest[entry].dynamicImports.filter((name) => name.startsWith("src/pages/"));
if (pages.length < 8) problems.push(`the pages are not split: ${pages.length} parts of src/pages are loaded by need`);
// The latin letters of the one font; other scripts are loaded when they occur.
const font = readdirSync(join(dist, "assets")).find((file) => /^inter-latin-wght-normal.*\.woff2$/.test(file));
if (!font) problems.push("the font is not among the built files");
const sizes = pages.map((page) => {
  const parts = closure(page, closure(entry));
  const files = new Set([...parts].flatMap((name) => [manifest[name].file, ...(manifest[name].css ?? [])]));
  const bytes = [...files].reduce(
    (sum, file) => sum + compressed(file),
    compressed("index.html") + (font ? readFileSync(join(dist, "assets", font)).length : 0),
  );
  return [page, bytes];
});
for (const [page, bytes] of sizes) {
  console.log(`${String(Math.round(bytes / 1000)).padStart(5)} kB  ${page}`);
  if (bytes > FIRST_LOAD) problems.push(`a first visit of ${page} loads ${bytes} bytes, ${FIRST_LOAD} are the most`);
}

const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const file of files) {
  if (!/\.(js|css|html|json|svg)$/.test(file.name)) continue;
  const text = readFileSync(join(file.parentPath, file.name), "utf8");
  for (const [what, pattern] of FORBIDDEN) if (pattern.test(text)) problems.push(`${file.name} has ${what} in it`);
}
const page = readFileSync(join(dist, "index.html"), "utf8");
if (/(src|href)="(https?:)?\/\//.test(page)) problems.push("index.html loads something from another host");

for (const problem of problems) console.error(`check of the build: ${problem}`);
process.exit(problems.length > 0 ? 1 : 0);
