// Usage: node page-imports.js DIST
// Fails when a built module, or a script beside it, asks the browser for randomness. What casts ballots must ask, and so shows that this would be found.
const fs = require("node:fs");
const path = require("node:path");

const randomness = /getRandomValues|randomUUID|Math\.random|generateKey/;
const dist = process.argv[2];
const files = fs.readdirSync(dist, { recursive: true }).map((name) => path.join(dist, name));

// The names in the import section, read here because Node.js compiles no module with wide arithmetic.
function importsOf(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return bytes.subarray(at - length, at).toString();
  };
  const limits = () => (number() & 1 ? [number(), number()] : [number()]);
  const skip = [number, () => [at++, limits()], limits, () => (at += 2), () => [at++, number()]];
  while (at < bytes.length) {
    const [section, length] = [bytes[at++], number()];
    if (section !== 2) {
      at += length;
      continue;
    }
    return Array.from({ length: number() }, () => {
      const [, name] = [text(), text()];
      skip[bytes[at++]]();
      return name;
    });
  }
  return [];
}

function askedBy(file) {
  const bytes = fs.readFileSync(file);
  if (file.endsWith(".js")) {
    return bytes.toString().split("\n").filter((line) => randomness.test(line));
  }
  const names = importsOf(bytes);
  if (names.length === 0) {
    throw new Error(`${file} imports nothing: this is not the page's module`);
  }
  return names.filter((name) => /random|crypto/i.test(name));
}

const programs = files.filter((file) => /\.(js|wasm)$/.test(file));
if (!programs.some((file) => file.endsWith(".wasm"))) {
  throw new Error(`${dist} holds no WASM`);
}
const casts = (file) => path.basename(file).startsWith("cast-");
const asked = (files) => files.flatMap((file) => askedBy(file).map((what) => `${file}: ${what.trim()}`));
const found = asked(programs.filter((file) => !casts(file)));
for (const kind of [".js", ".wasm"]) {
  if (asked(programs.filter((file) => casts(file) && file.endsWith(kind))).length === 0) {
    throw new Error(`${dist} holds no module that casts, or the search finds nothing in its ${kind}: nothing was learned`);
  }
}
if (found.length > 0) {
  console.log(`The page asks the browser for randomness:\n${found.join("\n")}`);
  process.exit(1);
}
console.log(`${programs.filter((file) => !casts(file)).length} programs of the page ask the browser for no randomness; what casts does.`);
