// Starts a worker of the recount. The name of its module comes in this script's own address; only files beside it are taken.
const name = new URL(self.location.href).searchParams.get("module");
if (!/^[a-z0-9-]+$/.test(name)) {
  throw new Error("not a module's name");
}

const { default: start } = await import(`./${name}.js`);
await start({ module_or_path: new URL(`./${name}.wasm`, self.location.href) });
