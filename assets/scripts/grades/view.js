// The grid on a desk: only the cells in sight are in the page, whatever the class has.
export const ROW = 34, HEAD = 56, WIDE = 104, NAME = 184, TOTAL = 84, LETTER = 42;
const TONES = ["iris", "green", "amber", "cyan"];

export const make = (name, className = "", text = "") => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

export const initials = (name) => {
  const parts = name.split(/\s+/).filter(Boolean);
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => (part || "").slice(0, 1)).join("").toUpperCase();
};
// The same colour as everywhere: ids are numbers too.
export const tone = (id) => TONES[Number(BigInt(`0x${id.replaceAll("-", "")}`) % 4n)];

// Who does not see all that is graded of a piece of work, in words; empty where everybody does.
const AUDIENCES = { student: "students", parent: "parents" };
export const unseen = (store, at) => {
  const work = store.work[at], found = [];
  const waiting = store.students.filter((student) => student.cells[at] && student.cells[at][2]?.split(":")[0].includes("u")).length;
  if (waiting) found.push(`${waiting} not posted`);
  for (const [audience, begins] of Object.entries(work.held)) {
    if (begins && Date.parse(begins) <= Date.now()) continue;
    const from = begins && new Date(begins).toLocaleString([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    found.push(begins ? `${AUDIENCES[audience]} from ${from}` : `held back from ${AUDIENCES[audience]}`);
  }
  return found.join(", ");
};
const EYE = '<path d="M2.06 12.35a1 1 0 0 1 0-.7 10.75 10.75 0 0 1 19.88 0 1 1 0 0 1 0 .7 10.75 10.75 0 0 1-19.88 0"/><circle cx="12" cy="12" r="3"/>';
const SHUT = '<path d="M10.73 5.08a10.74 10.74 0 0 1 11.2 6.57 1 1 0 0 1 0 .7 10.8 10.8 0 0 1-1.44 2.49M14.08 14.16a3 3 0 0 1-4.24-4.24"/><path d="M17.48 17.5a10.75 10.75 0 0 1-15.42-5.15 1 1 0 0 1 0-.7 10.75 10.75 0 0 1 4.45-5.14M2 2l20 20"/>';
// A sign where something is held back; to teachers it is a button for all that concerns it.
export const eye = (store, at) => {
  const held = unseen(store, at), { title, id, shown } = store.work[at];
  if (!held && !store.writes) return null;
  const sign = make(store.writes ? "button" : "span", `grid-eye${held && shown ? " held" : ""}`);
  sign.innerHTML = `<svg width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${held ? SHUT : EYE}</svg>`;
  sign.title = held || "Posted and released";
  sign.setAttribute("aria-label", `Who sees ${title}${held ? `: ${held}` : ""}`);
  if (!store.writes) { sign.setAttribute("role", "img"); return sign; }
  sign.type = "button";
  sign.tabIndex = -1; // by keyboard with Alt and the arrow down, from any cell of the column
  sign.dataset.posting = id;
  return sign;
};

const WORDS = { m: ["missing", "red"], s: ["handed in", "iris"], r: ["review", "amber"] };

export const marks = (tags) => {
  const [letters, points] = tags.split(":"), found = [];
  if (letters.includes("l")) found.push([`late −${points}`, "amber"]);
  for (const [letter, word] of Object.entries(WORDS)) if (letters.includes(letter)) found.push(word);
  return found.slice(0, 1);
};

export const say = (cell, work, student) => {
  const letters = cell.tags.split(":")[0], words = [`${student.name}, ${work.title}:`, cell.shown || "nothing"];
  for (const [letter, word] of Object.entries({ l: "late", m: "missing", d: "dropped", u: "not posted", c: "closed", h: "not for this student" }))
    if (letters.includes(letter)) words.push(word);
  return words.join(" ");
};

export class View {
  constructor(root, store, folding) {
    this.root = root;
    this.store = store;
    this.folding = folding;
    this.rows = [];
    this.columns = [];
    this.at = { row: 0, column: 0 };
    this.flash = new Map();
    this.scroller = make("div", "grid-scroll");
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "grid");
    this.scroller.setAttribute("aria-label", "Grades");
    this.canvas = make("div", "grid-canvas");
    this.head = make("div", "grid-head");
    this.head.setAttribute("role", "row");
    this.body = make("div", "grid-body");
    this.canvas.append(this.head, this.body);
    this.scroller.append(this.canvas);
    root.replaceChildren(this.scroller);
    this.drawn = new Map();
    this.scroller.addEventListener("scroll", () => this.soon(), { passive: true });
    this.sizes = new ResizeObserver(() => this.soon());
    this.sizes.observe(this.scroller);
  }

  get frozen() { return NAME + TOTAL + LETTER; }

  show(rows, columns) {
    this.rows = rows;
    this.columns = columns;
    this.at.row = Math.max(0, Math.min(this.at.row, rows.length - 1));
    this.at.column = Math.max(0, Math.min(this.at.column, columns.length - 1));
    this.canvas.style.width = `${this.frozen + columns.length * WIDE}px`;
    this.canvas.style.height = `${HEAD + rows.length * ROW}px`;
    this.scroller.setAttribute("aria-rowcount", rows.length + 1);
    this.scroller.setAttribute("aria-colcount", columns.length + 3);
    this.again();
  }

  // While a cell is typed into, the others wait.
  again() {
    if (this.held) return;
    this.drawn.clear();
    this.span = null;
    this.draw();
  }

  // Only the rows of these students are others.
  anew(ids) {
    if (this.held || !this.span) return this.again();
    const [left, right] = this.span.split(" ").map(Number);
    for (const [row, old] of this.drawn) {
      if (!ids.has(this.rows[row].id)) continue;
      const line = this.line(row, left, right);
      old.replaceWith(line);
      this.drawn.set(row, line);
    }
  }

  soon() { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); }); }

  draw() {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / ROW) - 4);
    const last = Math.min(this.rows.length, Math.ceil((scrollTop + clientHeight) / ROW) + 4);
    const left = Math.max(0, Math.floor(scrollLeft / WIDE) - 1);
    const right = Math.min(this.columns.length, Math.ceil((scrollLeft + clientWidth) / WIDE) + 1);
    const span = `${left} ${right}`;
    if (span !== this.span) {
      this.span = span;
      this.drawn.clear();
      this.heads(left, right);
    }
    const kept = new Map();
    for (let row = first; row < last; row += 1) kept.set(row, this.drawn.get(row) || this.line(row, left, right));
    this.drawn = kept;
    this.body.replaceChildren(...kept.values());
  }

  heads(left, right) {
    const fixed = make("div", "grid-fixed");
    for (const [key, words, wide] of [["name", "Student", NAME], ["total", "Current %", TOTAL], ["", "", LETTER]]) {
      const cell = make(key ? "button" : "div", "grid-th");
      cell.style.width = `${wide}px`;
      cell.setAttribute("role", "columnheader");
      if (key) {
        cell.type = "button";
        cell.dataset.sort = key;
        cell.tabIndex = -1;
      }
      cell.append(make("span", "meta", words));
      fixed.append(cell);
    }
    const gap = make("div", "grid-gap");
    gap.style.width = `${left * WIDE}px`;
    const found = [fixed, gap];
    for (let at = left; at < right; at += 1) {
      const id = this.folding.group(this.columns[at]), group = this.store.groups.get(id);
      const before = at > 0 && this.folding.group(this.columns[at - 1]) === id;
      if (typeof this.columns[at] === "string") { found.push(this.foldedHead(id, group)); continue; }
      const work = this.store.work[this.columns[at]];
      const cell = make("div", `grid-th${before ? "" : " grid-begins"}${work.shown ? "" : " grid-dim"}`);
      cell.setAttribute("role", "columnheader");
      cell.title = [work.title, group?.name, group?.weight ? `weight ${group.weight} %` : "", work.shown ? "" : "not published"].filter(Boolean).join(" · ");
      const sign = eye(this.store, this.columns[at]);
      if (sign) cell.append(sign);
      const meta = make("span", "meta clip", [group?.name, work.points].filter(Boolean).join(" · "));
      if (!before && group) meta.prepend(this.fold(id, group, true));
      cell.append(make("b", "clip", work.title), meta);
      found.push(cell);
    }
    this.head.replaceChildren(...found);
  }

  // By keyboard with Alt and the arrow up, from any cell of the group.
  fold(id, group, open) {
    const button = make("button", "grid-fold", open ? "▾" : "▸");
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.fold = id;
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute("aria-label", `${open ? "Fold" : "Unfold"} ${group.name}`);
    button.title = open ? "Fold this group into one column" : "Show the work of this group";
    return button;
  }

  foldedHead(id, group) {
    const cell = make("div", "grid-th grid-begins grid-folded"), count = this.store.work.filter((work) => work.group === id).length;
    const meta = make("span", "meta clip", `${count} folded${group?.weight ? ` · ${group.weight} %` : ""}`);
    cell.setAttribute("role", "columnheader");
    meta.prepend(this.fold(id, group, false));
    cell.append(make("b", "clip", group.name), meta);
    return cell;
  }

  sum(row, column, student) {
    const id = this.columns[column], sum = this.folding.sum(student, id);
    const box = make("div", `grid-cell num grid-begins grid-folded${row === this.at.row && column === this.at.column ? " grid-here" : ""}`);
    box.setAttribute("aria-label", `${student.name}, ${this.store.groups.get(id)?.name}: ${sum ? `${sum} percent` : "nothing"}`);
    box.append(make("span", "grid-value", sum ? `${sum} %` : "—"));
    return box;
  }

  line(row, left, right) {
    const student = this.rows[row], line = make("div", "grid-row");
    line.style.top = `${HEAD + row * ROW}px`;
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", row + 2);
    const fixed = make("div", "grid-fixed"), name = make("div", "grid-name"), [percent, letter] = student.totals;
    name.setAttribute("role", "rowheader");
    name.style.width = `${NAME}px`;
    const face = make("span", `avatar ${tone(student.id)}`, initials(student.name));
    face.setAttribute("aria-hidden", "true");
    name.append(face, make("span", "clip", student.name));
    const total = make("div", "grid-total num", percent || "—"), mark = make("div", "grid-letter", letter);
    for (const each of [total, mark]) each.setAttribute("role", "gridcell");
    fixed.append(name, total, mark);
    const gap = make("div", "grid-gap");
    gap.style.width = `${left * WIDE}px`;
    line.append(fixed, gap);
    for (let at = left; at < right; at += 1) line.append(this.box(row, at, student));
    return line;
  }

  box(row, column, student) {
    const box = typeof this.columns[column] === "string" ? this.sum(row, column, student) : this.cell(row, column, student);
    box.id = `cell-${row}-${column}`;
    box.setAttribute("role", "gridcell");
    box.setAttribute("aria-colindex", column + 4);
    box.dataset.row = row;
    box.dataset.column = column;
    if (row === this.at.row && column === this.at.column) box.setAttribute("aria-selected", "true");
    return box;
  }

  cell(row, column, student) {
    const at = this.columns[column], work = this.store.work[at], cell = this.store.cell(student, at);
    const here = row === this.at.row && column === this.at.column, letters = cell.tags.split(":")[0];
    const before = column > 0 && this.folding.group(this.columns[column - 1]) === work.group;
    const box = make("div", `grid-cell num${here ? " grid-here" : ""}${before ? "" : " grid-begins"}`);
    box.setAttribute("aria-label", say(cell, work, student));
    if (letters.includes("h")) box.classList.add("grid-not");
    if (letters.includes("c")) box.classList.add("grid-shut");
    if (letters.includes("u")) box.classList.add("grid-unposted");
    if (cell.waiting) box.classList.add("grid-waiting");
    if (this.flash.has(`${student.id} ${work.id}`)) box.classList.add("grid-flash");
    for (const [word, colour] of marks(cell.tags)) box.append(make("span", `badge ${colour}`, word));
    const dropped = letters.includes("d");
    box.append(make(dropped ? "s" : "span", "grid-value", cell.shown || (letters.includes("m") ? "—" : "")));
    return box;
  }

  go(row, column) {
    this.at = { row: Math.max(0, Math.min(row, this.rows.length - 1)), column: Math.max(0, Math.min(column, this.columns.length - 1)) };
    const { scroller } = this, top = this.at.row * ROW, left = this.at.column * WIDE;
    const tall = scroller.clientHeight - HEAD, wide = scroller.clientWidth - this.frozen;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW > scroller.scrollTop + tall) scroller.scrollTop = top + ROW - tall;
    if (left < scroller.scrollLeft) scroller.scrollLeft = left;
    else if (left + WIDE > scroller.scrollLeft + wide) scroller.scrollLeft = left + WIDE - wide;
    this.again();
    scroller.setAttribute("aria-activedescendant", `cell-${this.at.row}-${this.at.column}`);
  }

  lit(keys) {
    for (const key of keys) this.flash.set(key, 1);
    if (keys.length) setTimeout(() => { for (const key of keys) this.flash.delete(key); }, 900);
  }

  here() { return document.getElementById(`cell-${this.at.row}-${this.at.column}`); }

  close() { this.sizes.disconnect(); }
}
