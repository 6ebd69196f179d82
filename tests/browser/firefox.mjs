// Drives Firefox over WebDriver BiDi: `node firefox.mjs` with a JSON job on standard input, answers as JSON.
//   { browser, links: [address], functions: address of a page with `portal`, work: a function, argument }
import { createRequire } from "node:module";

const puppeteer = createRequire(import.meta.url)("puppeteer-core");
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const {
  browser: executablePath,
  links,
  functions,
  work,
  argument,
} = JSON.parse(Buffer.concat(chunks).toString());

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
try {
  const verdicts = [];
  for (const link of links) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const complaints = [];
    page.on(
      "console",
      (message) => ["error", "warn"].includes(message.type()) && complaints.push(message.text()),
    );
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(link);
    const done = "main[data-verdict]:not([data-verdict=checking]):not([data-verdict=idle])";
    await page.waitForSelector(done, { timeout: 60_000 });
    const kind = await page.evaluate(() => document.querySelector("main").dataset.verdict);
    verdicts.push({ kind, complaints });
    await context.close();
  }
  const page = await browser.newPage();
  await page.goto(functions, { waitUntil: "load" });
  await page.waitForFunction(() => globalThis.portal !== undefined);
  const answers = await page.evaluate(
    (source, given) => new Function(`return ${source}`)()(given),
    work,
    argument,
  );
  process.stdout.write(JSON.stringify({ verdicts, answers }));
} finally {
  await browser.close();
}
