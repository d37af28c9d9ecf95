"use strict";
// Fills the list of rows. Texts are written as text nodes only: nothing in a dataset can become markup.
const rows = JSON.parse(document.getElementById("data").textContent);
const STEP = 25;
let found = [];
let shown = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// One side of a field: what both have, and what this side alone has.
function side(field, op, language) {
  const box = element("div", "", "text");
  box.lang = language;
  box.dir = "auto";
  if (typeof field === "string") {
    box.textContent = field;
    return box;
  }
  for (const [which, text] of field) {
    if (which === 0) box.append(text);
    else if (which === op) box.append(element(op < 0 ? "del" : "ins", text));
  }
  return box;
}

function card(row) {
  const made = element("article", "", row.kind);
  const head = element("h3");
  head.append(element("b", row.kind.replace("_", " ")), " ", element("span", row.language), " ", element("code", row.id));
  if (row.score !== null) head.append(" ", element("span", `ROUGE-L ${row.score.toFixed(3)}`));
  if (row.formats.length) head.append(" ", element("span", row.formats.join(", ")));
  if (row.cause && row.cause !== "unknown") head.append(" ", element("span", row.cause.replace("_", " ")));
  if (row.sampled) head.append(" ", element("span", "to read", "sampled"));
  if (row.said) head.append(" ", element("span", row.said));
  made.append(head, element("p", row.where.filter(Boolean).join(" → "), "where"));
  for (const [name, field] of row.fields) {
    made.append(element("h4", name));
    const pair = element("div", "", "pair");
    if (typeof field === "string") pair.append(side(field, 0, row.language));
    else pair.append(side(field, -1, row.language), side(field, 1, row.language));
    if (pair.children.length === 1) pair.classList.add("single");
    made.append(pair);
  }
  return made;
}

function more() {
  const list = document.getElementById("rows");
  for (const row of found.slice(shown, shown + STEP)) list.append(card(row));
  shown = Math.min(shown + STEP, found.length);
  document.getElementById("more").hidden = shown >= found.length;
}

// What is searched in a row, made once: both sides of every field, so that a removed word is found too.
function haystack(row) {
  if (row.haystack === undefined) {
    const texts = row.fields.flatMap(([, field]) =>
      typeof field === "string" ? [field] : [-1, 1].map((op) => field.filter(([which]) => which === 0 || which === op).map(([, text]) => text).join("")));
    row.haystack = [row.id, row.cause, ...row.where, ...texts].join("\n").toLowerCase();
  }
  return row.haystack;
}

function filter() {
  const wanted = document.getElementById("search").value.trim().toLowerCase();
  const language = document.getElementById("language").value;
  const sampled = document.getElementById("sampled").checked;
  const kinds = new Set(Array.from(document.querySelectorAll("[name=kind]:checked"), (box) => box.value));
  found = rows.filter((row) => kinds.has(row.kind) && (!language || row.language === language)
    && (!sampled || row.sampled) && (!wanted || haystack(row).includes(wanted)));
  document.getElementById("rows").replaceChildren();
  document.getElementById("found").textContent = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows`;
  shown = 0;
  more();
}

const form = document.getElementById("filter");
if (form) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  document.getElementById("more").addEventListener("click", more);
  filter();
}
