// The gradebook of a class: what its page shows of it, and what it tells the server. Loaded by that page alone.
import { reasonFor, which } from "./asking.js";
import { Editing } from "./editing.js";
import { Folding } from "./folding.js";
import { Phone } from "./phone.js";
import { Store } from "./store.js";
import { make, View } from "./view.js";

const narrow = matchMedia("(max-width: 767px)");
let root, store, view, editing, folding, filters, sort, revision, told;

const field = (id) => document.getElementById(id);
const toast = (kind, words) => {
  const line = field("grid-told");
  if (!line) return;
  line.textContent = words;
  line.className = `grid-told ${kind}`;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { line.textContent = ""; }, 8000);
};
const tell = (message) => {
  const out = field("grid-outbox");
  if (!out) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(out, JSON.stringify(message));
  out.dispatchEvent(new Event("input", { bubbles: true }));
};

const status = () => {
  const line = field("grid-status");
  if (!line) return;
  const count = store.pending.size;
  line.textContent = count ? `${count} unsaved${store.away ? ", trying again" : "…"}` : "all saved";
  line.className = `badge ${count ? (store.away ? "red" : "amber") : "green"}`;
  root.dataset.unsaved = String(count > 0);
  const undo = field("grid-undo");
  if (undo) undo.disabled = !store.batches.length;
};

const has = (student, letter) => student.cells.some((cell) => cell && cell[2]?.split(":")[0].includes(letter));
const shown = () => {
  const words = filters.find.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const rows = store.students.filter((student) =>
    words.every((word) => student.name.toLocaleLowerCase().includes(word)) &&
    (!filters.section || student.section === filters.section) &&
    [...filters.tags].every((letter) => has(student, letter)));
  if (sort === "total") rows.sort((one, other) => (Number(other.totals[0]) || -1) - (Number(one.totals[0]) || -1));
  return rows;
};
const columns = () => store.work.map((work, at) => at).filter((at) =>
  (!filters.group || store.work[at].group === filters.group) &&
  (!filters.tags.size || !filters.narrow || store.students.some((student) => [...filters.tags].some((letter) => (student.cells[at] || [])[2]?.includes(letter)))));

const redraw = () => {
  const rows = shown();
  view.show(rows, editing ? folding.columns(columns()) : columns());
  const none = field("grid-none");
  if (none) none.hidden = rows.length > 0 || !store.students.length;
};

const options = (id, first, choices) => {
  const pick = field(id);
  if (!pick) return;
  const kept = pick.value;
  pick.replaceChildren(...[["", first], ...choices].map(([value, words]) => {
    const option = make("option", "", words);
    option.value = value;
    return option;
  }));
  pick.value = choices.some(([value]) => value === kept) ? kept : "";
  pick.hidden = choices.length < 2;
};

const heard = {
  opened() {
    options("grid-section", "All sections", [...new Set(store.students.map((student) => student.section).filter(Boolean))].sort().map((name) => [name, name]));
    options("grid-group", "All groups", [...store.groups].map(([id, group]) => [id, group.name]));
    const empty = field("grid-empty");
    if (empty) empty.hidden = store.students.length > 0 && store.work.length > 0;
    root.classList.toggle("grid-ready", true);
    root.setAttribute("aria-busy", "false");
    redraw();
    status();
    folding.follow();
    if (editing && store.students.length) editing.go(view.at.row, view.at.column);
  },
  changed({ keys = [], ids }) {
    view.lit(keys);
    folding.follow();
    if (filters.tags.size || sort === "total") redraw();
    else view.anew(new Set(ids));
    status();
  },
  status,
  failed: (words) => toast("error", words),
  async refused(refused) {
    const of = (each) => ({ student: store.byId.get(each.student), at: store.place.get(each.assignment) });
    const stale = refused.filter((each) => each.kind === "stale"), asked = refused.filter((each) => each.kind === "reason");
    const other = refused.filter((each) => each.kind === "refused");
    if (other.length) toast("warning", other.length === 1 ? other[0].why : `${other.length} grades could not be kept: ${other[0].why}`);
    if (stale.length) {
      const mine = await which(stale.map((each) => ({ ...each, name: of(each).student?.name, title: store.work[of(each).at]?.title })));
      if (mine.length) store.enter(mine.map((each) => ({ ...of(each), value: each.value, version: each.version })));
    }
    if (asked.length) {
      const reason = await reasonFor(asked.length);
      if (reason) store.enter(asked.map((each) => ({ ...of(each), value: each.value, version: each.version })), reason);
    }
    view.scroller?.focus({ preventScroll: true });
  },
};

const moved = (now) => {
  const words = now ? `${now.student.id} ${store.work[now.at].id}` : "";
  if (words === told) return;
  told = words;
  clearTimeout(moved.timer);
  moved.timer = setTimeout(() => { if (words) tell({ student: now.student.id, work: store.work[now.at].id }); }, 140);
};

// The moment goes along, so that the same wish can be said twice.
const posting = (work) => { if (store.writes) tell({ posting: work, at: Date.now() }); };

// A group was folded or unfolded: the choice stays in it. Or only its sums are others.
const folded = (group) => {
  if (!group || !editing) { view.again(); return; }
  redraw();
  editing.go(view.at.row, Math.max(0, view.columns.findIndex((column) => folding.group(column) === group)));
};

const build = () => {
  view?.close();
  const place = root.querySelector("#grid-place");
  if (narrow.matches) {
    view = new Phone(place, store);
    editing = null;
  } else {
    view = new View(place, store, folding);
    editing = new Editing(view, store, moved);
    editing.undo = undo;
    editing.posting = posting;
  }
  if (store.structure) heard.opened();
};

const undo = async () => {
  const found = await store.undo();
  if (found) toast("success", found.refused.length ? `Taken back, but ${found.refused.length} stay: they were changed since.` : "Taken back.");
  status();
};

const meet = (found) => {
  if (store) store.closed = true;
  root = found;
  revision = root.dataset.revision;
  filters = { find: "", section: "", group: "", tags: new Set(), narrow: false };
  sort = "name";
  told = "";
  store = new Store(root.dataset.class, (what, detail) => { if (root === found) heard[what](detail); });
  folding = new Folding(store, folded);
  build();
  store.open();
  watcher.disconnect();
  watcher.observe(root, { attributeFilter: ["data-revision", "data-imported"] });
};

let imported = "";
const watcher = new MutationObserver(() => {
  const batch = root.dataset.imported; // a file's grades are taken back as one's own typing
  if (batch !== imported) {
    store.batches = store.batches.filter((each) => each !== imported);
    if (batch) store.batches.push(batch);
    imported = batch;
    status();
  }
  if (root.dataset.revision === revision) return;
  revision = root.dataset.revision;
  store.follow();
});

document.addEventListener("input", ({ target }) => {
  if (!root?.isConnected) return;
  if (target.id === "grid-find") filters.find = target.value;
  else if (target.id === "grid-section") filters.section = target.value;
  else if (target.id === "grid-group") filters.group = target.value;
  else return;
  redraw();
});
document.addEventListener("click", ({ target }) => {
  if (!root?.isConnected) return;
  const chip = target.closest("[data-grid-filter]"), head = target.closest("[data-sort]");
  if (target.closest("#grid-undo")) undo();
  if (chip) {
    const letter = chip.dataset.gridFilter, on = !filters.tags.has(letter);
    filters.tags[on ? "add" : "delete"](letter);
    chip.setAttribute("aria-pressed", String(on));
    redraw();
  }
  const sign = target.closest("[data-posting]"), fold = target.closest("[data-fold]");
  if (fold && root.contains(fold)) { folding.toggle(fold.dataset.fold); view.scroller?.focus({ preventScroll: true }); }
  if (sign && root.contains(sign)) posting(sign.dataset.posting);
  if (head && root.contains(head)) { sort = head.dataset.sort; redraw(); }
});
narrow.addEventListener("change", () => { if (root?.isConnected) build(); });
const look = () => {
  const found = field("gradebook");
  if (found?.dataset.class && (found !== root || found.dataset.class !== store?.id)) meet(found);
};
setInterval(look, 60);
look();
