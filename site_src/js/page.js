import { grouped } from "./number.js";
import { WORDS } from "./words.js";

/**
 * The verify page: the one file that touches the document. Text is only ever set as text.
 *
 * @typedef {import("./telling.js").Telling} Telling
 * @typedef {import("./telling.js").Line} Line
 */

const SVG = "http://www.w3.org/2000/svg";

/** The page's parts, and what a visitor does with them. */
export class Page {
  #main = part("main", HTMLElement);
  #answer = part("answer", HTMLElement);
  #form = part("ask", HTMLFormElement);
  #input = part("number", HTMLInputElement);
  #name = document.title;

  /** `ask` is called with what a visitor typed or chose, once asked for. @param {(text: string) => void} ask */
  constructor(ask) {
    this.ask = ask;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#input.value.trim()) ask(this.#input.value);
      else this.#input.focus();
    });
    addEventListener("hashchange", () => this.askFragment());
  }

  /** Ask for the number in the address, if there is one. */
  askFragment() {
    const text = fragment();
    if (text) {
      this.ask(text);
    } else if (this.#main.dataset["verdict"] !== "idle") {
      this.idle();
    }
  }

  /** As it was before anything was asked. */
  idle() {
    this.#main.dataset["verdict"] = "idle";
    this.#answer.replaceChildren();
    document.title = this.#name;
  }

  /** @param {Telling} told */
  show(told) {
    const before = this.#main.dataset["verdict"];
    const heading = make("h1", {}, icon(told.kind), make("span", {}, told.title));
    this.#answer.replaceChildren(
      make("div", { class: "verdict" }, heading, ...told.means.map((text) => make("p", {}, text)), quote(told.quote)),
      certificate(told),
      told.now && make("div", { class: "now" }, make("h2", {}, WORDS.now), make("p", {}, told.now), ...this.#ways(told)),
      details(told),
    );
    this.#main.dataset["verdict"] = told.kind;
    document.title = `${told.title} · ${this.#name}`;
    if (before === "idle" || told.kind === "checking") scrollTo(0, 0);
  }

  /** The buttons, with the number that a correction would look up. @param {Telling} told */
  #ways({ ways, slip, marked }) {
    return ways.map(({ label, text }) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => this.ask(text));
      return make("div", { class: "way" }, slip && make("p", {}, slip), slip && number(text, marked), button);
    });
  }
}

/** The content of a data block, as bytes. @param {string} id */
export function dataBlock(id) {
  return new TextEncoder().encode(part(id, HTMLElement).textContent ?? "");
}

/** What stands behind # in the address, decoded where it can be. */
function fragment() {
  const raw = location.hash.slice(1);
  if (document.getElementById(raw)) return ""; // a place on this page
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** @param {Telling} told */
function certificate({ name, lines, units, checked }) {
  if (!lines.length) return checked && make("p", { class: "checked" }, checked);
  const { units: words, fields } = WORDS;
  const graded = units.some(({ grade }) => grade);
  const head = [words.code, words.title, ...(graded ? [words.grade] : [])].map((text) => make("th", { scope: "col" }, text));
  const rows = units.map(({ code, title, grade }) =>
    make("tr", {}, make("td", {}, own(code)), make("td", {}, own(title)), graded && make("td", {}, own(grade))),
  );
  return make(
    "div",
    { class: "certificate" },
    name && make("p", { class: "name" }, make("small", {}, fields.learner), own(name)),
    list(lines),
    units.length
      ? make("table", {}, make("caption", {}, words.caption), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))
      : "",
    make("p", { class: "checked" }, checked),
  );
}

/** @param {Telling} told */
function details({ details: lines, detailsBody }) {
  if (!lines.length) return "";
  return make("details", {}, make("summary", {}, WORDS.details.summary), detailsBody && make("p", {}, detailsBody), list(lines));
}

/** @param {Line[]} lines */
function list(lines) {
  return make("dl", {}, ...lines.map(({ name, value }) => make("div", {}, make("dt", {}, name), make("dd", {}, own(value)))));
}

/** @param {string} text */
function quote(text) {
  return text && make("p", { class: "number" }, own(text));
}

/** A number as printed, one of its symbols marked. @param {string} text @param {number} marked */
function number(text, marked) {
  const printed = grouped(text);
  const at = marked + Math.floor((marked + 1) / 5);
  return make("p", { class: "number" }, printed.slice(0, at), make("mark", {}, printed[at] ?? ""), printed.slice(at + 1));
}

/** Text with its own direction, which cannot reorder what stands around it. @param {string} text */
function own(text) {
  return make("bdi", {}, text);
}

/** @param {Telling["kind"]} kind */
function icon(kind) {
  const [svg, use] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "use")];
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${kind}`);
  svg.append(use);
  return svg;
}

/**
 * An element; empty texts among its children are left out.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string | false)[]} children
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flatMap((child) => child || []));
  return element;
}

/** @template {HTMLElement} T @param {string} id @param {new () => T} type @returns {T} */
function part(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}
