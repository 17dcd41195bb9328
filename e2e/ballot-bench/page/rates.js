// Ballots verified per second on the one core that this page runs on, by its own clock.
import init, { PageBallots } from "./ballot_bench.js";

const COUNT = 512; // one full batch

export async function rates(candidates) {
  await init();
  const ballots = new PageBallots(candidates, COUNT);
  return [() => ballots.check_in_batches(), () => ballots.check_one_by_one(), () => ballots.check_peer()].map(rate);
}

// The better of two runs; a ballot that does not hold makes the measurement void.
function rate(work) {
  return Math.max(once(work), once(work));
}

function once(work) {
  const start = performance.now();
  const held = work();
  const seconds = (performance.now() - start) / 1000;
  if (held !== COUNT) throw new Error(`${held} of ${COUNT} ballots hold`);
  return COUNT / seconds;
}
