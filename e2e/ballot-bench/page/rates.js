// Ballots verified per second on the one core that this page runs on, by its own clock.
import init, { PageBallots } from "./ballot_bench.js";

const COUNT = 4096;
const SLOW_COUNT = 512; // what is checked one by one

export async function rates(candidates) {
  await init();
  const many = new PageBallots(candidates, COUNT, 0);
  const few = new PageBallots(candidates, SLOW_COUNT, SLOW_COUNT);
  return [
    rate(COUNT, () => many.check_in_batches()),
    rate(COUNT, () => many.check_with_hints()),
    rate(SLOW_COUNT, () => few.check_one_by_one()),
    rate(SLOW_COUNT, () => few.check_peer()),
  ];
}

// The better of two runs; a ballot that does not hold makes the measurement void.
function rate(count, work) {
  return Math.max(once(count, work), once(count, work));
}

function once(count, work) {
  const start = performance.now();
  const held = work();
  const seconds = (performance.now() - start) / 1000;
  if (held !== count) throw new Error(`${held} of ${count} ballots hold`);
  return count / seconds;
}
