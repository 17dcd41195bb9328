// Usage: node page-imports.js DIST
// Fails when a built module, or a script beside it, asks the browser for randomness.
const fs = require("node:fs");
const path = require("node:path");

const randomness = /getRandomValues|randomUUID|Math\.random|generateKey/;
const dist = process.argv[2];
const files = fs.readdirSync(dist, { recursive: true }).map((name) => path.join(dist, name));

function askedBy(file) {
  const bytes = fs.readFileSync(file);
  if (file.endsWith(".js")) {
    return bytes.toString().split("\n").filter((line) => randomness.test(line));
  }
  const names = WebAssembly.Module.imports(new WebAssembly.Module(bytes)).map((one) => one.name);
  if (names.length === 0) {
    throw new Error(`${file} imports nothing: this is not the page's module`);
  }
  return names.filter((name) => /random|crypto/i.test(name));
}

const programs = files.filter((file) => /\.(js|wasm)$/.test(file));
if (!programs.some((file) => file.endsWith(".wasm"))) {
  throw new Error(`${dist} holds no WASM`);
}
const found = programs.flatMap((file) => askedBy(file).map((what) => `${file}: ${what.trim()}`));
if (found.length > 0) {
  console.log(`The page asks the browser for randomness:\n${found.join("\n")}`);
  process.exit(1);
}
console.log(`${programs.length} programs of the page ask the browser for no randomness.`);
