// Ballots verified per second in this browser, by its own clock. Each build of the module is a variant; a worker has one of its own.

// What is checked one by one.
const PEERS = 256;
const loaded = new Map();

// Loads ballots for so many candidates into each build that this browser runs; says which those are.
export async function load(candidates) {
  for (const { ballots } of loaded.values()) ballots?.free();
  const bytes = new Uint8Array(await (await fetch(`ballots-${candidates}.bin`)).arrayBuffer());
  for (const build of ["default", "wide"]) {
    const module = await import(`./${build}/ballot_bench.js`);
    try {
      await module.default();
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) continue;
      throw error;
    }
    loaded.set(build, { ballots: new module.PageBallots(candidates, bytes, PEERS) });
  }
  return [...loaded.keys()];
}

// `work` is batched, hinted or peers. A ballot that does not hold makes the measurement void.
export function measure(build, work) {
  const { ballots } = loaded.get(build);
  const count = work === "peers" ? PEERS : ballots.count();
  const start = performance.now();
  const held = ballots[work]();
  const seconds = (performance.now() - start) / 1000;
  if (held !== count) throw new Error(`${held} of ${count} ballots hold`);
  return count / seconds;
}

// Ballots per second by so many workers at once, all of them together.
export async function together(candidates, build, workers) {
  const started = Array.from({ length: workers }, () => new Worker("worker.js", { type: "module" }));
  const ask = (question) =>
    Promise.all(
      started.map(
        (worker) =>
          new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = (event) => reject(new Error(event.message));
            worker.postMessage(question);
          }),
      ),
    );
  await ask({ candidates });
  await ask({ build });
  const start = performance.now();
  const counts = await ask({ build });
  const seconds = (performance.now() - start) / 1000;
  started.forEach((worker) => worker.terminate());
  return counts.reduce((a, b) => a + b, 0) / seconds;
}

// The number of ballots that were checked, for a worker.
export function check(build) {
  const { ballots } = loaded.get(build);
  if (ballots.batched() !== ballots.count()) throw new Error("not all ballots hold");
  return ballots.count();
}
