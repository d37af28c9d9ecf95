"use strict";
// Fills the list of questions, and takes votes. Texts are written as text nodes only: nothing in an answer can become markup.
const data = JSON.parse(document.getElementById("data").textContent);
const STEP = 20;
const votes = {};
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
  if (data.blind) made.append(ballot(one, order, made));
  else made.append(reasons(one));
  return made;
}

// Three buttons; what the judge said is shown once a vote is given.
function ballot(one, order, article) {
  const row = element("div", "", "ballot");
  const choices = [["Answer 1 is better", order[0]], ["Neither", "tie"], ["Answer 2 is better", order[1]]];
  for (const [text, vote] of choices) {
    const button = element("button", text);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      votes[one.id] = vote;
      for (const other of row.children) other.setAttribute("aria-pressed", String(other === button));
      if (!article.dataset.told) article.append(reasons(one));
      article.dataset.told = "yes";
      tally();
    });
    row.append(button);
  }
  return row;
}

function tally() {
  const pairs = data.questions.filter((one) => one.by === "judge" && votes[one.id]).map((one) => [votes[one.id], one.outcome]);
  document.getElementById("votes").value = JSON.stringify({ comparison: data.key, votes });
  document.getElementById("agreement").textContent = agreement(pairs, Object.keys(votes).length);
}

// Cohen's kappa: agreement beyond that of chance.
function agreement(pairs, count) {
  if (!pairs.length) return `${count} votes; none on a question that the judge decided`;
  const share = pairs.filter(([person, judge]) => person === judge).length / pairs.length;
  const part = (place, label) => pairs.filter((pair) => pair[place] === label).length / pairs.length;
  const chance = ["A", "B", "tie"].reduce((sum, label) => sum + part(0, label) * part(1, label), 0);
  const kappa = chance < 1 ? `, kappa ${((share - chance) / (1 - chance)).toFixed(2)}` : "";
  return `${count} votes; you and the judge agree on ${(100 * share).toFixed(0)} % of ${pairs.length} questions${kappa}`;
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
