// One of several workers that check the same ballots at the same time, each with a module of its own.
import { check, load } from "./rates.js";

onmessage = async ({ data: { candidates, build } }) => {
  postMessage(candidates ? await load(candidates) : check(build));
};
