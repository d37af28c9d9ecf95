"use strict";
// Shows one row at a time and takes decisions. Texts are written as text, never as markup: nothing in a dataset can become part of the page.
const data = JSON.parse(document.getElementById("data").textContent);
const token = new URLSearchParams(location.search).get("token") || "";
const FIELDS = ["instruction", "input", "output"];
const at = (id) => document.getElementById(id);
const LONGEST_DIFF = 1500;
let ui = kept("ui") || data.language || ((navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en");
let keysOn = kept("keys") !== "off";
let coming = [];
let row = null;
let editing = null;
let trail = [];
let saving = Promise.resolve();
let waiting = 0;
let stopped = false;

function kept(name) { try { return localStorage.getItem("selfinstruct-" + name); } catch { return null; } }
function keep(name, value) { try { localStorage.setItem("selfinstruct-" + name, value); } catch { /* a browser may forbid it */ } }
function word(key, values = {}) {
  const found = data.words[ui][key] || key;
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), found);
}
const byHand = (name, value) => name === "by_hand" ? word("hand_" + value) : value;
function element(tag, text, name) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  return made;
}
function button(label, key, act) {
  const made = element("button", label);
  made.type = "button";
  if (key) { made.append(element("kbd", key)); made.setAttribute("aria-keyshortcuts", key); }
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}
const hex = (code) => "\\u{" + code.toString(16) + "}";
const DANGEROUS = new RegExp("[" + data.dangerous.map(([low, high]) => hex(low) + "-" + hex(high)).join("") + "]", "gu");
const visible = (text) => text.replace(DANGEROUS, (one) => one === "\n" || one === "\t" ? one : "⟨" + one.codePointAt(0).toString(16).toUpperCase().padStart(2, "0") + "⟩");

// Where decisions go: to the server, or into this browser until they are downloaded. Both answer with the rows that come next.
const server = {
  async ask(path, body) {
    let answer;
    try {
      const headers = { "X-Review-Token": token };
      answer = await fetch(path, body ? { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) } : { headers });
    } catch { throw new Error(word("gone_server")); }
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error === "overtaken" ? "overtaken" : (ui === "zh" && found.zh) || found.error);
    return found;
  },
  decide(decision) { return this.ask("/decide", { ...decision, language: language() }); },
  skip(n) { return this.ask("/skip", { n, language: language() }); },
  undo() { return this.ask("/undo", { language: language() }); },
  rows() { return this.ask("/rows?language=" + language()); },
  row(n) { return this.ask("/row?n=" + n); },
  riskiest() { return this.ask("/riskiest?language=" + language()); },
  figures() { return this.ask("/figures"); },
};
const file = {
  taken: data.mode === "file" ? JSON.parse(kept("review-" + data.key) || "{}") : {}, skipped: [], done: [], unsaved: false,
  store() { keep("review-" + data.key, JSON.stringify(this.taken)); this.unsaved = Object.keys(this.taken).length > 0; },
  shown(one) { return one && { ...one, mine: this.taken[one.n] || null }; },
  async state() {
    const open = data.rows.filter((one) => !this.taken[one.n] && (!language() || one.language === language()));
    const last = this.skipped.map((n) => open.find((one) => one.n === n)).filter(Boolean);
    const rows = [...open.filter((one) => !this.skipped.includes(one.n)), ...last].slice(0, 3);
    const read = Object.keys(this.taken).length;
    return { coming: rows, progress: { read, rows: data.rows.length, skipped: this.skipped.length, marked: true, undo: this.done.length } };
  },
  async decide(decision) {
    if (!at("reviewer").value.trim()) { at("reviewer").focus(); throw new Error(word("need_name")); }
    const one = data.rows.find((other) => other.n === decision.n);
    this.done.push([decision.n, this.taken[decision.n]]);
    this.taken[decision.n] = { decision: decision.decision, reason: decision.reason, note: decision.note, reviewer: at("reviewer").value.trim(), texts: decision.texts, id: one.id };
    this.store();
    return this.state();
  },
  async skip(n) { this.skipped = [...this.skipped.filter((one) => one !== n), n]; return this.state(); },
  async undo() {
    const [n, before] = this.done.pop() || [null];
    if (n === null) return { ...(await this.state()), row: null };
    if (before) this.taken[n] = before; else delete this.taken[n];
    this.store();
    return { ...(await this.state()), row: this.shown(data.rows.find((one) => one.n === n)) };
  },
  rows() { return this.state(); },
  async row(n) { return { row: this.shown(data.rows.find((one) => one.n === n)) }; },
  async riskiest() { return { row: (await this.state()).coming[0] }; },
  async figures() { return { groups: [], agreement: [] }; },
  lines() {
    return data.rows.filter((one) => this.taken[one.n]).map((one) => {
      const mine = this.taken[one.n];
      const texts = { id: one.id, language: one.language, ...one.texts };
      const line = { id: one.id, language: one.language, decision: mine.decision, before: one.before, reviewer: mine.reviewer };
      for (const name of ["reason", "note"]) if (mine[name]) line[name] = mine[name];
      if (data.sample && one.sample) { line.sample = data.sample; if (data.file) line.file = data.file; }
      if (one.stratum) line.stratum = one.stratum;
      if (mine.texts) line.row = { ...one.whole, ...texts, ...mine.texts };
      if (mine.decision !== "accepted" && !one.cut.length) line.read = { ...one.whole, ...texts };
      return JSON.stringify(line) + "\n";
    }).join("");
  },
};
const store = data.mode === "file" ? file : server;
const language = () => at("language").value;

function block(parent, title, text, lang, marked) {
  if (title) parent.append(element("h4", title));
  const box = element("div", undefined, "text-block");
  box.dir = "auto";
  if (lang) box.lang = lang;
  box.append(text);
  if (marked) box.append(element("mark", marked[0]), marked[1]);
  parent.append(box);
}
function panel(title, fill, open = true) {
  const made = element("section");
  const details = element("details");
  details.open = open;
  const summary = element("summary", title);
  details.append(summary);
  fill(details);
  made.append(details);
  at("beside").append(made);
}
function list(parent, items) {
  const made = element("ul");
  for (const item of items) made.append(element("li", item));
  parent.append(made);
}
const NAMES = { rejected: "rejected_answer" };

function show(next, { focus = true } = {}) {
  row = next;
  editing = null;
  at("reasons").hidden = at("saving").hidden = true;
  at("actions").hidden = false;
  for (const id of ["head", "why", "texts", "beside"]) at(id).replaceChildren();
  at("row").className = "";
  if (!row) { at("head").textContent = word(language() ? "done_in_language" : "done"); figures(); return; }
  at("row").className = row.mine ? row.mine.decision : "";
  at("head").append(element("b", word(row.language)), element("code", row.id));
  if (row.sample) at("head").append(element("span", word("sampled"), "badge"));
  for (const [kind, detail] of row.risks) at("why").append(element("span", word("risk_" + kind) + (detail ? word("colon") + byHand(kind, detail) : ""), "badge risk"));
  if (row.gone) at("why").append(element("p", word("gone"), "faint"));
  if (row.mine) verdict(at("why"), word("yours"), row.mine);
  for (const one of row.others) verdict(at("why"), word("others") + word("colon") + one.reviewer, one);
  for (const [asked, answer] of row.history) { block(at("texts"), word("user"), asked, row.language); block(at("texts"), word("assistant"), answer, row.language); }
  for (const [name, text] of row.around.filter(([one]) => one === "system")) block(at("texts"), word(name), text, row.language);
  for (const name of FIELDS) if (row.texts[name]) block(at("texts"), word(name), row.shown[name] || row.texts[name], row.language);
  for (const [name, text] of row.around.filter(([one]) => one !== "system")) block(at("texts"), word(NAMES[name] || name), text, row.language);
  beside();
  if (focus) at("row").focus({ preventScroll: true });
  if (focus) scrollTo(0, 0);
}
function verdict(parent, title, one) {
  const why = [word(one.decision), one.reason && word(one.reason), one.note].filter(Boolean).join(" · ");
  parent.append(element("p", title + word("colon") + why, "verdict"));
  if (one.texts) for (const name of FIELDS) if (name in one.texts && one.texts[name] !== row.texts[name]) { const box = element("div", undefined, "text-block"); box.append(...changes(row.texts[name], one.texts[name])); parent.append(element("h4", word(name)), box); }
}
function beside() {
  if (row.from.length) panel(word("from"), (box) => {
    for (const [title, before, meant, after] of row.from) {
      const [kind, ...name] = title.split(" ");
      block(box, word(kind) + " " + name.join(" "), before, "", meant || after ? [meant, after] : null);
    }
  });
  if (row.rules.length) panel(word("rules"), (box) => list(box, row.rules.map(([rule, severity, english, chinese]) => `${word(severity)} ${rule}${word("colon")}${ui === "zh" ? chinese : english}`)));
  else panel(word("rules"), (box) => box.append(element("p", word(data.progress && !data.progress.marked ? "marking" : "no_rules"), "faint")));
  if (row.judged.length) panel(word("judged"), (box) => list(box, row.judged.map((one) => one ? one.map(([name, score]) => `${name} ${score}`).join(word("comma")) : word("unreadable"))));
  if (row.nearest) panel(word("nearest", { score: row.nearest[1].toFixed(3) }), (box) => block(box, row.nearest[0], row.nearest[2], row.language));
  if (row.facts.length) panel(word("facts"), (box) => list(box, row.facts.map(([name, value]) => `${word("fact_" + name)}${word("colon")}${byHand(name, value)}`)));
  if (row.seeds.length) panel(word("seeds", { count: row.seeds.length }), (box) => { for (const [name, text] of row.seeds) block(box, name, text, row.language); }, false);
}

// Word by word, Chinese character by character: what both texts have in common stays, by the longest common subsequence.
function changes(before, after) {
  const cut = (text) => text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^]/gu) || [];
  const [one, two] = [cut(before), cut(after)];
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < two.length - start && one[one.length - 1 - end] === two[two.length - 1 - end]) end += 1;
  const [left, right] = [one.slice(start, one.length - end), two.slice(start, two.length - end)];
  const runs = [[0, one.slice(0, start).join("")]];
  const say = (op, text) => { if (runs[runs.length - 1][0] === op) runs[runs.length - 1][1] += text; else runs.push([op, text]); };
  if (left.length > LONGEST_DIFF || right.length > LONGEST_DIFF) { say(-1, left.join("")); say(1, right.join("")); }
  else {
    const rows = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
    for (let i = left.length - 1; i >= 0; i -= 1) for (let j = right.length - 1; j >= 0; j -= 1) rows[i][j] = left[i] === right[j] ? rows[i + 1][j + 1] + 1 : Math.max(rows[i + 1][j], rows[i][j + 1]);
    let [i, j] = [0, 0];
    while (i < left.length || j < right.length) {
      if (i < left.length && j < right.length && left[i] === right[j]) { say(0, left[i]); i += 1; j += 1; }
      else if (j >= right.length || (i < left.length && rows[i + 1][j] >= rows[i][j + 1])) { say(-1, left[i]); i += 1; }
      else { say(1, right[j]); j += 1; }
    }
  }
  say(0, one.slice(one.length - end).join(""));
  return runs.filter(([, text]) => text).map(([op, text]) => op ? element(op < 0 ? "del" : "ins", visible(text)) : visible(text));
}

function edit() {
  if (!row || editing) return;
  if (row.cut.length) { tell(word("too_long")); return; }
  const before = row.mine && row.mine.texts ? { ...row.texts, ...row.mine.texts } : row.texts;
  editing = {};
  at("texts").replaceChildren();
  const shown = element("div");
  const draw = () => {
    shown.replaceChildren(element("h4", word("diff")));
    const differs = FIELDS.filter((name) => lines(editing[name].value) !== lines(row.texts[name]));
    if (!differs.length) shown.append(element("p", word("same"), "faint"));
    for (const name of differs) { const box = element("div", undefined, "text-block"); box.append(...changes(row.texts[name], editing[name].value)); shown.append(element("h4", word(name)), box); }
  };
  for (const name of FIELDS) {
    const label = element("h4");
    const made = element("label", word(name));
    const area = element("textarea");
    area.id = "edit-" + name; made.htmlFor = area.id; area.value = before[name]; area.lang = row.language; area.dir = "auto"; area.spellcheck = true;
    area.addEventListener("input", draw);
    label.append(made);
    at("texts").append(label, area);
    editing[name] = area;
  }
  at("texts").append(shown);
  draw();
  at("actions").hidden = true;
  at("saving").hidden = false;
  editing.output.focus();
}
// An editor of a browser has line feeds alone; what nobody changed keeps its line ends.
const lines = (text) => text.replace(/\r\n?/g, "\n");
function saveEdit() {
  const changed = FIELDS.filter((name) => lines(editing[name].value) !== lines(row.texts[name]));
  const texts = Object.fromEntries(changed.map((name) => [name, editing[name].value]));
  if (!changed.length) { tell(word("same_text")); return; }
  if (!editing.instruction.value.trim()) { tell(word("empty_task")); return; }
  decide("edited", { texts, held: true });
}
function reject() { if (row && !editing) { at("reasons").hidden = false; at("reasons").querySelector("button").focus(); } }

// A decision is sent at once and the next row shown at once; what cannot be saved comes back and stops the rest. An edit waits for its answer.
function decide(decision, { reason = "", note = "", texts = {}, held = false } = {}) {
  if (!row || stopped) return;
  const decided = row;
  const sent = { n: row.n, decision, reason, note, texts: decision === "edited" ? texts : undefined, was: row.mine ? row.mine.decision : "" };
  tell("");
  at("said").textContent = word(decision);
  if (!held) forward();
  waiting += 1;
  progress();
  saving = saving.then(async () => {
    try {
      if (stopped) throw new Error(word("failed", { why: "" }));
      took(await store.decide(sent), held ? decided : null);
      if (held) trail.push(decided.n);
    } catch (error) { failed(error, decided, held); }
    waiting -= 1;
    if (!waiting) stopped = false;
    progress();
  });
}
function forward() {
  if (row) trail.push(row.n);
  show(coming.shift() || null);
}
function took(state, leaving) {
  data.progress = state.progress;
  if (leaving && row && row.n === leaving.n) row = null;
  const shown = row ? row.n : null;
  coming = state.coming.filter((one) => one.n !== shown);
  if (!row && coming.length && !waitingFor()) show(coming.shift());
  else if (!row) show(null);
  if (state.progress.read < 10 || !(state.progress.read % 10) || !coming.length) figures();
}
const waitingFor = () => waiting > 1;
async function failed(error, decided, held) {
  stopped = waiting > 1;
  const overtaken = error.message === "overtaken";
  tell(overtaken ? word("overtaken") : word("failed", { why: error.message.replace(/[.。]$/, "") }));
  if (held && !overtaken) return;
  trail = trail.filter((n) => n !== decided.n);
  if (row && row.n !== decided.n) coming.unshift(row);
  show(decided);
  if (overtaken) show((await store.row(decided.n)).row);
}
function later(act) { saving = saving.then(async () => { try { await act(); } catch (error) { tell(error.message); } progress(); }); return saving; }
function skip() { const n = row && row.n; if (!row || editing) return; at("said").textContent = word("skipped"); forward(); later(async () => took(await store.skip(n))); }
function undo() {
  later(async () => {
    const state = await store.undo();
    data.progress = state.progress;
    if (!state.row) { tell(word("nothing_to_undo")); return; }
    coming = state.coming.filter((one) => one.n !== state.row.n);
    trail = trail.filter((n) => n !== state.row.n);
    tell("");
    at("said").textContent = word("undone");
    show(state.row);
    figures();
  });
}
function back() { if (trail.length) later(async () => { const n = trail.pop(); if (row && !row.mine) coming.unshift(row); show((await store.row(n)).row); }); }
function riskiest() { later(async () => { const found = (await store.riskiest()).row; if (found && row && row.n !== found.n) { trail.push(row.n); coming = [row, ...coming].filter((one) => one.n !== found.n && !one.mine); show(found); } }); }
function tell(text) { at("alert").textContent = text; }
function progress() {
  const now = data.progress;
  if (!now) return;
  at("progress").textContent = word("of", { read: now.read.toLocaleString(ui), rows: now.rows.toLocaleString(ui) });
  at("saved").textContent = waiting ? word("saving") : now.read ? word("saved") : "";
}
async function figures() {
  let found;
  try { found = await store.figures(); } catch { return; }
  const box = at("figures").querySelector("div");
  box.replaceChildren();
  for (const [name, english, chinese] of found.groups) box.append(element("p", `${name.replace(/^(?:total|en|zh)(?=\/|$)/, word)}${word("colon")}${ui === "zh" ? chinese : english}`));
  if (found.agreement.length) box.append(element("p", found.agreement[ui === "zh" ? 1 : 0]));
  if (!found.groups.length && data.mode !== "file") box.append(element("p", word("figures_none"), "faint"));
}

const ACTIONS = [["accept", "a", () => row && !editing && decide("accepted")], ["reject", "r", reject], ["edit", "e", edit], ["skip", "s", skip], ["undo", "u", undo], ["back", "b", back], ["riskiest", "n", riskiest]];
function draw() {
  document.documentElement.lang = ui === "zh" ? "zh-CN" : "en";
  document.title = word("title") + word("colon") + data.name;
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  at("language").setAttribute("aria-label", word("all"));
  at("actions").setAttribute("aria-label", word("keys"));
  at("actions").replaceChildren(...ACTIONS.map(([name, key, act]) => button(word(name), key, act)));
  at("reasons").querySelector(".list").replaceChildren(...data.reasons.map((reason, place) => button(word(reason), String(place + 1), () => because(reason))));
  at("note").placeholder = word("note");
  at("note").setAttribute("aria-label", word("note"));
  at("save").textContent = word("save");
  at("cancel").textContent = word("cancel");
  at("keys").textContent = word(keysOn ? "keys_on" : "keys_off");
  at("keys").setAttribute("aria-pressed", keysOn);
  at("ui").textContent = ui === "zh" ? "English" : "中文";
  at("ui").lang = ui === "zh" ? "en" : "zh-CN";
  if (data.mode === "file") { at("reviewer").placeholder = word("name"); at("reviewer").setAttribute("aria-label", word("name")); }
  progress();
}
function because(reason) { const note = at("note").value; at("note").value = ""; decide("rejected", { reason, note }); }
// A key as it is printed; while an input method for Chinese is on, the browser tells the place of the key alone.
function keyOf(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  return place && event.key.length !== 1 ? place[1].toLowerCase() : event.key;
}
function pressed(event) {
  const typing = /^(?:TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
  if (editing && event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); saveEdit(); return; }
  if (event.isComposing || (typing && event.keyCode === 229) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { if (editing || !at("reasons").hidden) { const mine = row; show(mine); } return; }
  if (typing || !keysOn || editing || event.repeat) return;
  const key = keyOf(event);
  const reason = !at("reasons").hidden && data.reasons[Number(key) - 1];
  const action = ACTIONS.find(([, one]) => one === key);
  if (reason) { event.preventDefault(); because(reason); }
  else if (action) { event.preventDefault(); action[2](); }
}

document.addEventListener("keydown", pressed);
at("save").addEventListener("click", saveEdit);
at("cancel").addEventListener("click", () => show(row));
at("keys").addEventListener("click", () => { keysOn = !keysOn; keep("keys", keysOn ? "on" : "off"); draw(); });
at("ui").addEventListener("click", () => { ui = ui === "zh" ? "en" : "zh"; keep("ui", ui); draw(); if (!editing) show(row, { focus: false }); figures(); });
at("language").addEventListener("change", () => later(async () => { row = null; took(await store.rows()); }));
at("note").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) { event.preventDefault(); at("reasons").querySelector("button").focus(); } }); // else that Enter presses the button
if (data.mode === "file") {
  at("reviewer").value = kept("reviewer") || "";
  at("reviewer").addEventListener("change", () => keep("reviewer", at("reviewer").value));
  at("download").addEventListener("click", () => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([file.lines()], { type: "application/jsonl" }));
    link.download = "review.jsonl";
    link.click();
    file.unsaved = false;
  });
}
addEventListener("beforeunload", (event) => { if (waiting || editing || (data.mode === "file" && file.unsaved)) event.preventDefault(); });
draw();
if (data.mode === "file") file.state().then((state) => { took(state); progress(); });
else { coming = data.coming; show(coming.shift() || null); progress(); figures(); }
