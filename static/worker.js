// Starts a worker of the recount. The name of its module comes in this script's own address; only files beside it are taken.
const asked = new URL(self.location.href).searchParams;
const name = asked.get("module");
if (!/^[a-z0-9-]+$/.test(name)) {
  throw new Error("not a module's name");
}

// A lock that this worker holds as long as it lives: by its release the page notices an end without a word.
const lock = asked.get("lock");
if (navigator.locks && lock) {
  await new Promise((held) => {
    navigator.locks.request(lock, () => {
      held();
      return new Promise(() => {});
    });
  });
}

const { default: start } = await import(`./${name}.js`);
await start({ module_or_path: new URL(`./${name}.wasm`, self.location.href) });
