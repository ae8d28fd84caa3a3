// Shared notes: what is typed stays in this box while others write. Each text that is sent says what it was made from,
// a version that was shown or a text that was sent before, so that the server can merge it with what others did.
(() => {
  const SEND_AFTER = 350, MOVE_AFTER = 250, GIVE_UP_AFTER = 6000; // milliseconds
  const write = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  let root, box, base, before, settled, sent, flight, flown, timer, mover, caret, replaced, watcher, context;

  const said = (name) => root.dataset[name];
  const words = (id) => root.querySelector(`#${id}`)?.textContent ?? "";
  const held = () => said("held") === "true";

  const tell = (message) => {
    const out = root.querySelector("#notes-outbox");
    write.call(out, JSON.stringify(message));
    out.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Where a place in one text is in another: what stands before the first or after the last difference keeps it.
  const moved = (from, to, at) => {
    let head = 0, tail = 0;
    const most = Math.min(from.length, to.length);
    while (head < most && from[head] === to[head]) head++;
    while (tail < most - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
    if (at <= head) return at;
    return at >= from.length - tail ? at + to.length - from.length : Math.min(at, to.length - tail);
  };

  const show = () => {
    const text = held() ? words("notes-mine") : words("notes-truth"), was = box.value;
    if (was !== text) {
      const places = [box.selectionStart, box.selectionEnd].map((at) => moved(was, text, at));
      box.value = text;
      if (document.activeElement === box) box.setSelectionRange(...places);
    }
    base = `v${said("version")}`;
    settled = text;
  };

  const send = () => {
    clearTimeout(timer);
    timer = 0;
    if (!root?.isConnected || flight !== null || held() || box.readOnly || said("context") !== context || box.value === settled) return;
    before = base;
    sent += 1;
    flight = settled = box.value;
    flown = Date.now();
    caret = box.selectionStart;
    tell({ context, text: flight, base, sent, caret });
    base = `s${sent}`;
  };
  const soon = () => { timer ||= setTimeout(send, SEND_AFTER); };
  const failed = () => { flight = null; base = before; settled = null; };

  // Something came from the server.
  const look = () => {
    if (said("context") !== context) return meet(root); // another conversation: what was typed is not its
    if (said("replaced") !== replaced) {
      replaced = said("replaced");
      flight = null;
      show();
    }
    if (flight !== null && Number(said("heard")) >= sent) flight = null;
    if (flight !== null && Number(said("refused")) >= sent) failed();
    if (flight === null && settled !== null) {
      if (box.value === settled) show();
      else soon();
    }
    place();
  };

  // A mirror of the box, beside the page, tells where a character stands in it.
  const mirror = document.createElement("div");
  mirror.className = "notes-mirror";
  const place = () => {
    const marks = [...root.querySelectorAll(".caret-mark")];
    if (!marks.length) return;
    if (!mirror.isConnected) document.body.append(mirror);
    mirror.style.font = getComputedStyle(box).font;
    mirror.style.width = `${box.clientWidth}px`;
    for (const mark of marks) {
      const at = Math.min(Number(mark.dataset.at), box.value.length), end = document.createElement("span");
      end.textContent = box.value.slice(at, at + 1) || ".";
      mirror.replaceChildren(box.value.slice(0, at), end);
      mark.style.left = `${end.offsetLeft}px`;
      mark.style.top = `${end.offsetTop - box.scrollTop}px`;
      mark.hidden = end.offsetTop < box.scrollTop || end.offsetTop > box.scrollTop + box.clientHeight - 8;
    }
  };

  const move = () => {
    mover ||= setTimeout(() => {
      mover = 0;
      if (!root?.isConnected || document.activeElement !== box || box.readOnly || box.selectionStart === caret) return;
      caret = box.selectionStart;
      tell({ context, caret });
    }, MOVE_AFTER);
  };

  const meet = (found) => {
    watcher?.disconnect();
    root = found;
    box = root.querySelector("#notes-text");
    context = said("context");
    sent = Math.max(Number(said("heard")), Number(said("refused")));
    flight = null;
    caret = -1;
    replaced = said("replaced");
    show();
    box.oninput = () => { soon(); place(); };
    box.onblur = send;
    box.onscroll = place;
    watcher = new MutationObserver(look);
    watcher.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter:
      ["data-context", "data-version", "data-heard", "data-refused", "data-replaced", "data-held", "data-at"] });
    place();
  };

  document.addEventListener("selectionchange", () => { if (document.activeElement === box) move(); });
  addEventListener("pagehide", () => send());
  setInterval(() => {
    const found = document.getElementById("notes");
    if (found && (found !== root || !box?.isConnected)) meet(found);
    else if (found && flight !== null && Date.now() - flown > GIVE_UP_AFTER) { failed(); soon(); }
  }, 250);
})();
