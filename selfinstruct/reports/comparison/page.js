"use strict";
// Fills the list of questions, and takes votes. Texts are written as text nodes only: nothing in an answer can become markup.
const data = JSON.parse(document.getElementById("data").textContent);
const STEP = 20;
const KEPT = `selfinstruct votes ${data.key}`;
const { votes, told } = recall();
let isKept = true;
let found = [];
let shown = 0;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function block(text, language) {
  const made = element("div", text === null ? "(no answer)" : text, "text-block");
  made.lang = language;
  made.dir = "auto";
  return made;
}

function titled(title, ...parts) {
  const made = element("div");
  made.append(element("h4", title), ...parts);
  return made;
}

// What decided a question, in words, and what the judge said in each order.
function reasons(one) {
  const made = element("div");
  made.append(element("h4", `${one.won}, by ${one.by}`));
  for (const line of one.lines) made.append(element("p", line, "faint"));
  return made;
}

function card(one) {
  const made = element("article", "", data.blind ? "" : one.outcome);
  const head = element("h3");
  head.append(element("b", one.kind), element("span", one.language), element("code", one.id));
  const pair = element("div", "", "pair");
  const order = data.blind && one.swapped ? ["B", "A"] : ["A", "B"];
  order.forEach((label, place) => {
    const title = data.blind ? `Answer ${place + 1}` : `${label}: ${data.names[label]}`;
    pair.append(titled(title, block(one[label], one.language)));
  });
  made.append(head, block(one.question, one.language), pair);
  if (one.reference) made.append(titled("Reference", block(one.reference, one.language)));
  if (data.blind) made.append(ballot(one, order));
  else made.append(reasons(one));
  return made;
}

// Three buttons, and one that shows what the judge said: from then on the vote stands, for it is no longer blind.
function ballot(one, order) {
  const row = element("div", "", "ballot");
  const choices = [["Answer 1 is better", order[0]], ["Neither", "tie"], ["Answer 2 is better", order[1]]];
  const buttons = choices.map(([text, vote]) => {
    const made = button(text, () => { votes[one.id] = vote; });
    made.dataset.vote = vote;
    return made;
  });
  const tell = button("What the judge said", () => told.add(one.id));
  function button(text, act) {
    const made = element("button", text);
    made.type = "button";
    made.addEventListener("click", () => {
      if (!told.has(one.id)) act();
      keep();
      show();
      tally();
    });
    return made;
  }
  function show() {
    const isTold = told.has(one.id);
    for (const each of buttons) {
      each.setAttribute("aria-pressed", String(each.dataset.vote === votes[one.id]));
      each.disabled = isTold;
    }
    tell.hidden = isTold || !votes[one.id];
    if (isTold && row.lastChild === tell) row.append(reasons(one));
  }
  row.append(...buttons, tell);
  show();
  return row;
}

// What this browser holds of an earlier look at the same comparison.
function recall() {
  const found = { votes: Object.create(null), told: new Set() };
  try {
    const held = JSON.parse(localStorage.getItem(KEPT)) || {};
    for (const one of data.questions) {
      if (!["A", "B", "tie"].includes(held.votes?.[one.id])) continue;
      found.votes[one.id] = held.votes[one.id];
      if (held.told?.includes(one.id)) found.told.add(one.id);
    }
  } catch {
    // Nothing that can be read: as if there were nothing.
  }
  return found;
}

// Another window with the same page may have votes that this one has not.
function keep() {
  const held = recall();
  for (const [id, vote] of Object.entries(held.votes)) if (held.told.has(id) || !votes[id]) votes[id] = vote;
  for (const id of held.told) told.add(id);
  try {
    localStorage.setItem(KEPT, JSON.stringify({ votes, told: [...told] }));
    isKept = true;
  } catch {
    isKept = false;
  }
}

window.addEventListener("beforeunload", (event) => {
  if (!isKept) event.preventDefault();
});

// The agreement is of the votes that stand: one that can still be changed must not be led by it.
function tally() {
  const pairs = data.questions.filter((one) => one.by === "judge" && told.has(one.id)).map((one) => [votes[one.id], one.outcome]);
  document.getElementById("votes").value = JSON.stringify({ comparison: data.key, votes });
  document.getElementById("agreement").textContent = agreement(pairs, Object.keys(votes).length);
  document.getElementById("kept").textContent = isKept
    ? "This browser keeps your votes: the page can be closed and opened again."
    : "This browser keeps nothing, and a reload loses your votes: save them before you leave.";
}

// Cohen's kappa: agreement beyond that of chance.
function agreement(pairs, count) {
  const cast = `${count} ${count === 1 ? "vote" : "votes"}`;
  if (!pairs.length) return `${cast}; none yet beside a verdict of the judge`;
  const share = pairs.filter(([person, judge]) => person === judge).length / pairs.length;
  const part = (place, label) => pairs.filter((pair) => pair[place] === label).length / pairs.length;
  const chance = ["A", "B", "tie"].reduce((sum, label) => sum + part(0, label) * part(1, label), 0);
  const kappa = chance < 1 ? `, kappa ${((share - chance) / (1 - chance)).toFixed(2)}` : "";
  return `${cast}; you and the judge agree on ${(100 * share).toFixed(0)} % of ${pairs.length} ${pairs.length === 1 ? "question" : "questions"}${kappa}`;
}

function more() {
  const list = document.getElementById("questions");
  for (const one of found.slice(shown, shown + STEP)) list.append(card(one));
  shown = Math.min(shown + STEP, found.length);
  document.getElementById("more").hidden = shown >= found.length;
}

function choose() {
  const wanted = (id) => (document.getElementById(id) || { value: "" }).value;
  const [outcome, kind] = [wanted("outcome"), wanted("kind")];
  found = data.questions.filter((one) => (!outcome || one.outcome === outcome) && (!kind || one.kind === kind));
  shown = 0;
  document.getElementById("questions").replaceChildren();
  more();
}

for (const id of ["outcome", "kind"]) document.getElementById(id)?.addEventListener("change", choose);
document.getElementById("more").addEventListener("click", more);
document.getElementById("reveal")?.addEventListener("click", () => {
  document.getElementById("result").hidden = false;
});
choose();
if (data.blind && Object.keys(votes).length) tally();
