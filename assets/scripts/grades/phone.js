// On a phone: one piece of work with everybody, or one student with everything, each a list to fill in.
import { make, marks, unseen } from "./view.js";

export class Phone {
  constructor(root, store) {
    this.store = store;
    this.by = "work";
    this.chosen = "";
    this.root = root;
    this.bar = make("div", "phone-bar stack");
    this.list = make("ul", "bare phone-list");
    root.replaceChildren(this.bar, this.list);
  }

  show(rows, columns) {
    this.rows = rows;
    this.columns = columns;
    const kind = this.pick([["work", "By assignment"], ["student", "By student"]], this.by, "Grade", (value) => { this.by = value; this.chosen = ""; this.show(rows, columns); });
    const things = this.by === "work" ? columns.map((at) => [this.store.work[at].id, this.store.work[at].title]) : rows.map((student) => [student.id, student.name]);
    if (!things.some(([id]) => id === this.chosen)) this.chosen = things[0]?.[0] || "";
    const thing = this.pick(things, this.chosen, this.by === "work" ? "Assignment" : "Student", (value) => { this.chosen = value; this.again(); });
    this.bar.replaceChildren(kind, thing);
    this.again();
  }

  pick(choices, value, label, act) {
    const field = make("select", "input");
    field.setAttribute("aria-label", label);
    for (const [id, words] of choices) {
      const option = make("option", "", words);
      option.value = id;
      option.selected = id === value;
      field.append(option);
    }
    field.addEventListener("change", () => act(field.value));
    return field;
  }

  anew() { this.again(); }

  again() {
    if (this.list.contains(document.activeElement)) return; // somebody types
    const { store } = this, lines = [];
    if (this.by === "work") {
      const at = store.place.get(this.chosen);
      if (at !== undefined) for (const student of this.rows) lines.push(this.line(student, at, student.name, student.totals[0] ? `${student.totals[0]} %` : "—"));
    } else {
      const student = store.byId.get(this.chosen);
      if (student) for (const at of this.columns) lines.push(this.line(student, at, store.work[at].title, `of ${store.work[at].points ?? "—"}`));
    }
    this.ask();
    this.list.replaceChildren(...lines);
  }

  // Below the piece of work: who sees it.
  ask() {
    this.bar.querySelector("[data-posting]")?.remove();
    const at = this.by === "work" ? this.store.place.get(this.chosen) : undefined;
    if (at === undefined || !this.store.writes) return;
    const held = unseen(this.store, at), ask = make("button", "button secondary", held ? `Who sees it: ${held}` : "Who sees it");
    ask.type = "button";
    ask.dataset.posting = this.chosen;
    this.bar.append(ask);
  }

  line(student, at, title, meta) {
    const line = make("li", "phone-line"), words = make("div", "grow"), cell = this.store.cell(student, at);
    words.append(make("div", "clip strong", title), make("div", "meta num", meta));
    const field = make("input", "input num");
    field.value = cell.shown;
    field.maxLength = 40;
    field.disabled = !this.store.writes || cell.tags.includes("c") || cell.tags.includes("h");
    field.setAttribute("aria-label", title);
    let seen = cell;
    field.addEventListener("focus", () => { seen = this.store.cell(student, at); field.value = seen.typed; field.select(); });
    field.addEventListener("change", () => { if (field.value.trim() !== seen.typed) this.store.enter([{ student, at, value: field.value.trim(), version: seen.version }]); });
    line.append(words, ...marks(cell.tags).map(([word, colour]) => make("span", `badge ${colour}`, word)), field);
    return line;
  }

  lit() {}
  close() {}
}
