import { grouped } from "./verification_code.js";
import { WORDS } from "./words.js";

/**
 * The verify page: the one file that touches the document. Text is only ever set as text.
 *
 * @typedef {import("./verdict_text.js").VerdictText} VerdictText
 * @typedef {import("./verdict_text.js").Line} Line
 */

const SVG = "http://www.w3.org/2000/svg";

/** The page's parts, and what a visitor does with them. */
export class Page {
  #main = part("main");
  #answer = part("answer");
  #name = document.title;

  /** `ask` is called with what a visitor typed, chose or came with. @param {(text: string) => void} ask */
  constructor(ask) {
    this.ask = ask;
    const input = /** @type {HTMLInputElement} */ (part("code"));
    part("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) ask(input.value);
      else input.focus();
    });
    addEventListener("hashchange", () => this.askFragment());
  }

  /** Look up the code in the address; without one, be as before anything was asked. */
  askFragment() {
    const text = fragment();
    if (text) {
      this.ask(text);
    } else {
      this.#main.dataset.verdict = "idle";
      this.#answer.replaceChildren();
      document.title = this.#name;
    }
  }

  /** @param {VerdictText} text */
  show({ kind, title, means, notes = [], quote = "", now = "", action, ...rest }) {
    const before = this.#main.dataset.verdict;
    this.#answer.replaceChildren(
      make(
        "div",
        { class: "verdict" },
        make("h1", {}, icon(kind), title),
        ...means.map(sentence),
        quote && codeLine(own(quote)),
      ),
      ...notes.map(sentence),
      certificate(rest),
      now &&
        make(
          "div",
          { class: "now" },
          make("h2", {}, WORDS.now),
          make("p", {}, now),
          action && this.#action(action),
        ),
      details(rest),
    );
    this.#main.dataset.verdict = kind;
    document.title = `${title} · ${this.#name}`;
    if (before === "idle" || kind === "checking") scrollTo(0, 0);
  }

  /** The button, with the code that a correction would look up. @param {import("./verdict_text.js").Action} action */
  #action({ label, text, correction = "", marked = -1 }) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => this.ask(text));
    return make(
      "div",
      { class: "action" },
      correction && make("p", {}, correction),
      correction && withMark(text, marked),
      button,
    );
  }
}

/** The content of a data block, as bytes. @param {string} id */
export function dataBlock(id) {
  return new TextEncoder().encode(part(id).textContent ?? "");
}

/** What follows # in the address, decoded where it can be. */
function fragment() {
  const raw = location.hash.slice(1);
  if (document.getElementById(raw)) return ""; // a place on this page
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** @param {Partial<VerdictText>} text */
function certificate({ name = "", lines = [], units = [], checked = "" }) {
  const note = checked && make("p", { class: "checked" }, checked);
  if (!lines.length) return note;
  const named = name && make("p", { class: "name" }, make("small", {}, WORDS.name), own(name));
  return make("div", { class: "certificate" }, named, list(lines), units.length && table(units), note);
}

/** @param {import("./certificate.js").Unit[]} units */
function table(units) {
  const { caption, ...headings } = WORDS.units;
  const graded = units.some(({ grade }) => grade);
  const rows = [headings, ...units].map(({ code, title, grade = "" }, at) => {
    const cells = graded ? [code, title, grade] : [code, title];
    return make(
      "tr",
      {},
      ...cells.map((text) => (at ? make("td", {}, own(text)) : make("th", { scope: "col" }, text))),
    );
  });
  return make("table", {}, make("caption", {}, caption), ...rows);
}

/** @param {Partial<VerdictText>} text */
function details({ details: lines = [], body = "" }) {
  if (!lines.length) return "";
  return make("details", {}, make("summary", {}, WORDS.details.summary), make("p", {}, body), list(lines));
}

/** @param {Line[]} lines */
function list(lines) {
  const rows = lines.map(([name, value]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, own(value))),
  );
  return make("dl", {}, ...rows);
}

/** A code as printed, one of its symbols marked. @param {string} text @param {number} marked */
function withMark(text, marked) {
  const printed = grouped(text);
  const at = marked + Math.floor((marked + 1) / 5);
  return codeLine(printed.slice(0, at), make("mark", {}, printed[at] ?? ""), printed.slice(at + 1));
}

/** @param {string} text */
function sentence(text) {
  return text && make("p", {}, text);
}

/** @param {(Node | string)[]} parts */
function codeLine(...parts) {
  return make("p", { class: "code" }, ...parts);
}

/** Text with its own direction, which cannot reorder what surrounds it. @param {string} text */
function own(text) {
  return make("bdi", {}, text);
}

/** @param {VerdictText["kind"]} kind */
function icon(kind) {
  const [svg, use] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "use")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${kind}`);
  svg.append(use);
  return svg;
}

/**
 * An element; what is empty among its children is left out.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string | false | 0 | undefined)[]} children
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flatMap((child) => child || []));
  return element;
}

/** @param {string} id */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found;
}
