// Calls functions of the published scripts for tests/js/node.py: one JSON line [source, argument] in, one out.
import { createInterface } from "node:readline";
import { portal } from "./published.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  const [source, argument] = JSON.parse(line);
  let answer;
  try {
    const work = new Function(`return ${source}`)();
    answer = { value: await work(argument, portal) };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
