// Takes the types of the chain from its runtime, and the words of its errors.
//
//   npm run descriptors -- ../target/debug/wbuild/khala-runtime/khala_runtime.wasm
//   npm run descriptors -- ws://127.0.0.1:9944
//
// Writes .papi/metadata/khala.scale and src/chain/error-texts.json; both are committed. The types themselves are generated
// from the first one before every build.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { decAnyMetadata, unifyMetadata } from "@polkadot-api/substrate-bindings";

const source = process.argv[2];
if (!source) {
  console.error("usage: npm run descriptors -- RUNTIME.wasm | ws://NODE");
  process.exit(2);
}
const from = /^wss?:/.test(source) ? ["--wsUrl", source] : ["--wasm", source];
execFileSync("npx", ["papi", "add", "khala", ...from], { stdio: "inherit" });

const metadata = unifyMetadata(decAnyMetadata(readFileSync(".papi/metadata/khala.scale")));
const types = new Map(metadata.lookup.map((type) => [type.id, type]));
const texts = {};
for (const { name, errors } of metadata.pallets) {
  const type = errors === undefined ? undefined : types.get(typeof errors === "object" ? errors.type : errors);
  if (type?.def.tag !== "variant") continue;
  const words = type.def.value.map((error) => [error.name, sentence(error.docs)]).filter(([, text]) => text !== "");
  if (words.length > 0) texts[name] = Object.fromEntries(words);
}
writeFileSync("src/chain/error-texts.json", `${JSON.stringify(texts, null, 2)}\n`);
console.log(`error texts of ${Object.keys(texts).length} pallets`);

/** A doc comment as running text, without its marks. */
function sentence(docs) {
  const text = docs
    .map((line) => line.trim())
    .join(" ")
    .replace(/\[`?([^\]`]+)`?\](\([^)]*\))?/g, "$1")
    .replace(/`([^`]+)`/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}
