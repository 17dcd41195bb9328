// Measures the module beside it. When the state is "done", the results are a JSON list with one entry per number of candidates;
// when it is "failed", they are the reason. `?count=N` sets how many ballots of each kind are checked.
import init, { PageBallots } from "./ballot_bench.js";

const at = (id) => document.querySelector(`[data-testid="${id}"]`);
const count = Number(new URLSearchParams(location.search).get("count") ?? 1024);

// The better of two runs, in ballots per second.
function rate(work) {
  const run = () => {
    const start = performance.now();
    if (work() !== count) throw new Error("a valid ballot was refused");
    return (count * 1000) / (performance.now() - start);
  };
  return Math.round(Math.max(run(), run()));
}

function measure(candidates) {
  const ballots = new PageBallots(candidates, count);
  const rates = {
    candidates,
    batched: rate(() => ballots.check_in_batches()),
    one_by_one: rate(() => ballots.check_one_by_one()),
    elastic_elgamal: rate(() => ballots.check_peer()),
  };
  ballots.free();
  return rates;
}

try {
  await init();
  at("results").textContent = JSON.stringify([2, 4, 8].map(measure));
  at("state").textContent = "done";
} catch (error) {
  at("results").textContent = String(error);
  at("state").textContent = "failed";
}
