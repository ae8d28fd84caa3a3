// Groups of work that are folded together: one column each, with what the group comes to. This browser remembers which.
const AFTER = 250; // milliseconds after the last change

export class Folding {
  constructor(store, drawn) {
    this.store = store;
    this.drawn = drawn;
    this.key = `gradebook folded ${store.id}`;
    this.sums = new Map(); // of each student, by group
    try { this.folded = new Set(JSON.parse(localStorage.getItem(this.key) || "[]")); } catch { this.folded = new Set(); }
  }

  // Columns are places of work; of a folded group only its id is one.
  columns(places) {
    const found = [];
    for (const at of places) {
      const { group } = this.store.work[at];
      if (!this.folded.has(group)) found.push(at);
      else if (found.at(-1) !== group) found.push(group);
    }
    return found;
  }

  group(column) { return typeof column === "string" ? column : this.store.work[column]?.group; }

  sum(student, group) { return this.sums.get(student.id)?.[group] || ""; }

  toggle(group) {
    this.folded[this.folded.has(group) ? "delete" : "add"](group);
    try { localStorage.setItem(this.key, JSON.stringify([...this.folded])); } catch { /* remembered for now only */ }
    this.drawn(group);
    this.follow();
  }

  // Grades changed, or a group was folded: what drops and aggregates make of them only the server says.
  follow() {
    clearTimeout(this.timer);
    if ([...this.folded].some((group) => this.store.groups.has(group))) this.timer = setTimeout(() => this.read(), AFTER);
  }

  async read() {
    const found = await this.store.ask("/subtotals");
    if (!found || found.problem || this.store.closed) return;
    this.sums = new Map(Object.entries(found.students).map(([id, sums]) =>
      [id, Object.fromEntries(found.groups.map((group, at) => [group, sums[at]]))]));
    this.drawn();
  }
}
