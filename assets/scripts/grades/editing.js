// Typing, pasting and moving about, as in a spreadsheet.
import { make } from "./view.js";

export class Editing {
  constructor(view, store, moved) {
    this.view = view;
    this.store = store;
    this.moved = moved;
    const { scroller } = view;
    scroller.addEventListener("keydown", (event) => this.key(event));
    scroller.addEventListener("paste", (event) => this.paste(event));
    scroller.addEventListener("copy", (event) => this.copy(event));
    scroller.addEventListener("pointerdown", (event) => this.point(event));
    scroller.addEventListener("dblclick", (event) => { if (event.target.closest(".grid-cell")) this.edit(); });
  }

  get now() {
    const { at, rows, columns } = this.view, student = rows[at.row], place = columns[at.column];
    return student && typeof place === "number" ? { student, at: place } : null;
  }

  go(row, column) {
    this.view.go(row, column);
    this.moved(this.now);
  }

  point(event) {
    const box = event.target.closest(".grid-cell");
    if (event.target.closest(".grid-input")) return;
    const row = event.target.closest(".grid-row");
    if (!box && row) this.go(Number(row.getAttribute("aria-rowindex")) - 2, this.view.at.column);
    if (!box) return;
    event.preventDefault();
    this.view.scroller.focus({ preventScroll: true });
    this.go(Number(box.dataset.row), Number(box.dataset.column));
  }

  key(event) {
    if (this.input || event.isComposing) return;
    const { row, column } = this.view.at, page = Math.floor(this.view.scroller.clientHeight / 34) - 2;
    if (event.altKey && event.key === "ArrowUp") {
      event.preventDefault();
      const group = this.view.folding.group(this.view.columns[column]);
      if (group) this.view.folding.toggle(group);
      return;
    }
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      if (this.now) this.posting?.(this.store.work[this.now.at].id);
      return;
    }
    const to = {
      ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      PageUp: [row - page, column], PageDown: [row + page, column],
      Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? Infinity : row, Infinity],
    }[event.key];
    if (to) this.go(...to);
    else if (event.key === "Tab") {
      const next = column + (event.shiftKey ? -1 : 1), last = this.view.columns.length - 1;
      if (next < 0 || next > last) return; // out of the grid, as from any other control
      this.go(row, next);
    } else if (event.key === "Enter" || event.key === "F2") this.edit();
    else if (event.key === "Delete" || event.key === "Backspace") this.set("");
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo?.();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) this.edit(event.key);
    else return;
    event.preventDefault();
  }

  edit(first) {
    const now = this.now, box = this.view.here();
    if (!now || !box || !this.store.writes || this.input) return;
    const cell = this.store.cell(now.student, now.at), { version } = cell;
    const input = this.input = make("input", "grid-input num");
    input.value = first ?? cell.typed;
    input.maxLength = 40;
    input.autocomplete = "off";
    input.setAttribute("aria-label", box.getAttribute("aria-label"));
    box.append(input);
    this.view.held = true;
    input.focus();
    if (first === undefined) input.select();
    const done = (keep, row = 0, column = 0) => {
      if (this.input !== input) return;
      this.input = null;
      this.view.held = false;
      const value = input.value.trim();
      input.remove();
      if (keep && value !== cell.typed) this.store.enter([{ ...now, value, version }]);
      this.view.again();
      if (keep !== "left") {
        this.view.scroller.focus({ preventScroll: true });
        this.go(this.view.at.row + row, this.view.at.column + column);
      }
    };
    input.addEventListener("blur", () => done("left"));
    input.addEventListener("keydown", (event) => {
      const move = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (event.key === "Escape") done(false);
      else if (move && !event.isComposing) done(true, ...move);
      else { event.stopPropagation(); return; }
      event.preventDefault();
      event.stopPropagation();
    });
  }

  set(value) {
    const now = this.now;
    if (now && this.store.writes && this.store.cell(now.student, now.at).typed !== value) this.store.enter([{ ...now, value }]);
  }

  copy(event) {
    if (this.input || !this.now) return;
    event.clipboardData.setData("text/plain", this.store.cell(this.now.student, this.now.at).typed);
    event.preventDefault();
  }

  // A column, a row or a block of a spreadsheet, from the chosen cell on, in the order in which rows are shown.
  paste(event) {
    if (this.input || !this.store.writes) return;
    event.preventDefault();
    const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "").split("\n");
    const { row, column } = this.view.at, changes = [];
    lines.forEach((line, down) => line.split("\t").forEach((value, along) => {
      const student = this.view.rows[row + down], at = this.view.columns[column + along];
      if (!student || typeof at !== "number") return;
      const words = value.trim().slice(0, 40), cell = this.store.cell(student, at);
      if (words !== cell.typed) changes.push({ student, at, value: words });
    }));
    if (changes.length) this.store.enter(changes);
  }
}
