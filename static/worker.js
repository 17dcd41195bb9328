// Starts the recount's worker: the same module as the page, which notices that it has no window.
// Names of the module's files come in this script's own address, and only files beside it are taken.
const names = new URL(self.location.href).searchParams;

function beside(name) {
  const url = new URL(name, self.location.href);
  if (url.origin !== self.location.origin) {
    throw new Error("a module of another origin");
  }
  return url.href;
}

const { default: start } = await import(beside(names.get("module")));
await start({ module_or_path: beside(names.get("wasm")) });
