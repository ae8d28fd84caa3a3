// What needs no server: showing a password, asking before unsaved work is left, telling the time zone.
// And what the server may ask of a page: one of these acts, with values. Code that comes over the socket is never run.
(() => {
  const here = () => encodeURIComponent(location.pathname + location.search);
  const acts = {
    // What the page shows, in its address: for a reload, a bookmark, a link.
    address: (refs, path) => history.replaceState(history.state, "", path),
    copy: (refs, text) => navigator.clipboard?.writeText(text).then(() => acts.toast(refs, "success", "Copied.", {})),
    // A slash that asked for a template is not part of the message.
    insert(refs, id, text) {
      const field = document.getElementById(id);
      if (!field) return;
      const before = field.value.trim() === "/" ? "" : field.value;
      const value = before.trim() ? `${before.trimEnd()}\n\n${text}` : text;
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      setTimeout(() => { field.focus(); field.setSelectionRange(value.length, value.length); }, 60);
    },
    leave: () => location.assign("/sign-in?problem=address"),
    reload: () => location.reload(),
    show(refs, id) {
      const part = document.getElementById(id);
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      part?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
      part?.focus({ preventScroll: true });
    },
    sign_in: () => location.assign(`/sign-in?next=${here()}`),
    sign_out: () => fetch("/auth/sign-out", { method: "POST" }).finally(() => location.assign("/sign-in")),
    toast: (refs, kind, text, options) => refs.__toast?.[kind](text, options),
  };
  // To a part of the page: by the address alone, which keeps its question mark and lets ":target" apply.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-anchor]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    location.hash = link.dataset.anchor;
  }, true);
  window.faraday = {
    acts,
    obey(words, refs) {
      const [act, ...values] = JSON.parse(words);
      if (!Object.hasOwn(acts, act)) throw new Error("The server asked for something unknown.");
      return acts[act](refs, ...values);
    },
    // To which handler a result goes, as Reflex words it; anything else is not understood, let alone run.
    told(words, tell) {
      const known = /^\(_result\) => \{addEvents\(\[ReflexEvent\("([\w.]+)", \{(\w+):_result\}\)\]\)\}$/.exec(words);
      if (!known) return this.refuse();
      return (result) => tell(known[1], { [known[2]]: result });
    },
    refuse() { throw new Error("Code from the server is not run."); },
  };

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;

  const unsaved = () => document.querySelector("[data-unsaved=true]");
  const question = "Leave without saving? Your changes will be lost.";

  addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });

  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target.id === "message" && !event.target.value) {
      document.querySelector("[data-slash]")?.click();
    }
    // On a phone a pane lies over the work as a dialog does.
    const shut = document.querySelector(".pane:target .pane-close a");
    if (event.key === "Escape" && !event.defaultPrevented && shut?.offsetParent) shut.click();
  });

  // Whoever had the focus before a dialog has it again afterwards: Radix gives it back to a dialog's own button alone,
  // and most are opened without one. For what was chosen in a menu that is the button of the menu.
  const held = [];
  document.addEventListener("focusin", ({ target }) => {
    const menu = target.closest("[role=menu]");
    held.push(menu ? document.getElementById(menu.getAttribute("aria-labelledby")) : target);
    if (held.length > 20) held.shift();
  });
  new MutationObserver((changes) => {
    const gone = changes.flatMap((change) => [...change.removedNodes]);
    if (gone.some((node) => node.classList?.contains("rt-BaseDialogOverlay"))) setTimeout(() => {
      if (document.activeElement === document.body) held.findLast((element) => element?.isConnected)?.focus();
    });
  }).observe(document.body, { childList: true });

  // A file that is read here, so that it can be seen before it is sent.
  document.addEventListener("change", async (event) => {
    const into = document.getElementById(event.target.dataset?.readsInto);
    const file = event.target.files?.[0];
    if (!into || !file) return;
    if (file.size > 500_000) return acts.toast(null, "error", "This file is larger than 500 kB.", {});
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(into, await file.text());
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("click", (event) => {
    const eye = event.target.closest("[data-reveals]");
    if (eye) {
      const field = document.getElementById(eye.dataset.reveals);
      const show = field.type === "password";
      field.type = show ? "text" : "password";
      eye.setAttribute("aria-pressed", String(show));
      field.focus();
      return;
    }
    const link = event.target.closest("a[href]");
    if (link?.hash && link.pathname === location.pathname && document.getElementById(link.hash.slice(1))) {
      if (link.closest(".prose")) {
        event.preventDefault();
        acts.show(null, link.hash.slice(1));
        return;
      }
    }
    const away = link && !link.hash && link.target !== "_blank" && !event.metaKey && !event.ctrlKey;
    if (away && unsaved() && !confirm(question)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
})();
