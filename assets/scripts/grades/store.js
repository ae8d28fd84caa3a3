// What the grid knows: every cell once, then only those that changed; and what was typed and is not saved yet.
const TRY_AGAIN_AFTER = 3000, OTHERS_FIRST = 80; // milliseconds

export class Store {
  constructor(classId, heard) {
    this.id = classId;
    this.heard = heard; // (what, detail): "opened", "changed", "status", "refused", "failed"
    this.work = [];
    this.students = [];
    this.groups = new Map();
    this.place = new Map(); // of each assignment
    this.byId = new Map();
    this.pending = new Map(); // "student work": { student, work, value, version, reason }
    this.since = "";
    this.flying = false;
    this.saved = -Infinity;
    this.batches = [];
    this.closed = false;
  }

  get address() { return `/api/v1/gradebook/classes/${encodeURIComponent(this.id)}`; }

  async open() {
    const found = await this.ask("");
    if (!found || found.problem || this.closed) return;
    this.groups = new Map(found.groups.map(([id, name, weight]) => [id, { name, weight }]));
    this.work = found.work.map(([id, group, title, points, grading, shown, omitted, held]) =>
      ({ id, group, title, points, grading, shown, omitted, held: held || {} }));
    this.place = new Map(this.work.map((work, at) => [work.id, at]));
    this.students = found.students.map(([id, name, section, totals, cells]) => ({ id, name, section, totals, cells }));
    this.byId = new Map(this.students.map((student) => [student.id, student]));
    this.take(found);
    this.heard("opened");
    this.flush();
  }

  take(found) {
    this.writes = found.writes;
    this.manual = found.manual;
    this.structure = found.structure;
    if (found.since > this.since) this.since = found.since;
  }

  // Somebody changed something: only that is read. One's own change is known already, so others may read it first.
  async follow() {
    if (this.following) { this.again = true; return; }
    if (this.flying || performance.now() - this.saved < OTHERS_FIRST) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.follow(), OTHERS_FIRST);
      return;
    }
    if (!this.structure) return;
    this.following = true;
    try {
      const found = await this.ask(this.since ? `?since=${this.since}` : "");
      if (!found || found.problem || this.closed) return;
      if (this.since) await this.merge(found);
      else await this.open();
    } finally {
      this.following = false;
      if (this.again) { this.again = false; this.follow(); }
    }
  }

  async merge(found) {
    if (found.structure !== this.structure) return this.open(); // cells stand in other columns
    const changed = [];
    for (const [id, totals, cells] of found.students) {
      const student = this.byId.get(id);
      if (!student) continue;
      cells.forEach((cell, at) => {
        if (String(cell) !== String(student.cells[at])) changed.push(`${id} ${this.work[at]?.id}`);
      });
      student.totals = totals;
      student.cells = cells;
    }
    this.take(found);
    this.heard("changed", { keys: changed, ids: found.students.map(([id]) => id) });
  }

  async ask(path, options) {
    try {
      const answer = await fetch(this.address + path, options);
      if (answer.ok) return await answer.json();
      const problem = await answer.json().catch(() => ({}));
      if (answer.status < 500 && answer.status !== 429) this.heard("failed", problem.detail || problem.title || "This did not work.");
      return answer.status < 500 && answer.status !== 429 ? { problem } : null;
    } catch { return null; }
  }

  cell(student, at) {
    const cell = student.cells[at];
    const [shown = "", version = 0, tags = "", typed = shown] = cell || [];
    const waiting = this.pending.get(`${student.id} ${this.work[at].id}`);
    return { shown: waiting ? waiting.value : shown, version, tags, typed: waiting ? waiting.value : typed, waiting: !!waiting };
  }

  // Many at once, from a paste: they are one change, and taken back as one.
  enter(changes, reason = "") {
    for (const { student, at, value, version } of changes) {
      const key = `${student.id} ${this.work[at].id}`, before = this.pending.get(key);
      const seen = before ? before.version : version ?? this.cell(student, at).version;
      this.pending.set(key, { student: student.id, work: this.work[at].id, value, version: seen, reason });
    }
    clearTimeout(this.timer);
    this.flush(); // what is typed while it is under way leaves together, after it
    this.heard("changed", { ids: changes.map(({ student }) => student.id) });
  }

  async flush() {
    if (this.flying || !this.pending.size || this.closed) return;
    const reason = [...this.pending.values()][0].reason;
    const sent = [...this.pending].filter(([, each]) => each.reason === reason).slice(0, 5000);
    this.flying = true;
    const found = await this.ask("/grades", {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        cells: sent.map(([, each]) => ({ assignment: each.work, student: each.student, value: each.value, version: each.version })),
        reason,
      }),
    });
    this.flying = false;
    this.saved = performance.now();
    if (found === null) { // kept, and tried again
      this.away = true;
      this.heard("status");
      this.timer = setTimeout(() => this.flush(), TRY_AGAIN_AFTER);
      return;
    }
    this.away = false;
    const typedSince = sent.filter(([key, each]) => this.pending.get(key) !== each).map(([key]) => key);
    for (const [key, each] of sent) if (this.pending.get(key) === each) this.pending.delete(key);
    if (found.problem) { this.heard("changed", { ids: sent.map(([, each]) => each.student) }); return; }
    if (found.batch) this.batches.push(found.batch);
    await this.merge(found.grid);
    // What was typed into the same cell meanwhile was typed over one's own value.
    for (const key of typedSince) {
      const each = this.pending.get(key), at = this.place.get(each.work);
      each.version = (this.byId.get(each.student)?.cells[at] || [])[1] || 0;
    }
    if (found.refused.length) this.heard("refused", found.refused);
    this.heard("status");
    if (this.pending.size) this.flush();
  }

  async undo() {
    const batch = this.batches.pop();
    if (!batch) return false;
    const found = await this.ask(`/undo/${batch}`, { method: "POST" });
    if (!found || found.problem) return false;
    await this.merge(found.grid);
    return found;
  }
}
