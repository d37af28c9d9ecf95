"use strict";
// Texts are written as text, never as markup: nothing that a teacher said can become part of the page.
const items = JSON.parse(document.getElementById("data").textContent);
const form = document.querySelector("form");
const list = document.getElementById("list");
const more = document.getElementById("more");
const PAGE = 20;
let found = [];
let shown = 0;

function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function block(parent, title, text) {
  parent.append(element("h4", title), element("div", text, "text-block"));
}

function article(item) {
  const made = element("article", undefined, item.state === "row" ? "row" : "rejected");
  const head = element("h3");
  head.append(element("b", item.state === "row" ? "row" : "rejected: " + item.state), element("span", item.language), element("code", item.name));
  made.append(head);
  if (item.facts.length) made.append(element("p", item.facts.map(([name, value]) => name + ": " + value).join(" · "), "faint"));
  for (const [asked, answer] of item.history) { block(made, "earlier: user", asked); block(made, "earlier: assistant", answer); }
  for (const [name, text] of item.texts) block(made, name, text);
  if (item.nearest) block(made, "nearest: " + item.nearest.name + ", ROUGE-L " + item.nearest.score.toFixed(3), item.nearest.text);
  if (item.seeds.length) {
    const seeds = element("details");
    seeds.append(element("summary", "Shown in its prompt: " + item.seeds.length));
    for (const [name, text] of item.seeds) block(seeds, name, text);
    made.append(seeds);
  }
  return made;
}

function showMore() {
  for (const item of found.slice(shown, shown + PAGE)) list.append(article(item));
  shown = Math.min(shown + PAGE, found.length);
  more.hidden = shown >= found.length;
}

function update() {
  const wanted = form.search.value.trim().toLowerCase();
  const language = form.language.value;
  const state = form.state.value;
  found = items.filter((item) =>
    (!language || item.language === language) && (!state || item.state === state) &&
    (!wanted || JSON.stringify([item.name, item.facts, item.texts, item.nearest]).toLowerCase().includes(wanted)));
  list.replaceChildren();
  shown = 0;
  showMore();
  document.getElementById("found").textContent = found.length + " of " + items.length + " in the sample";
}

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", update);
more.addEventListener("click", showMore);
update();
