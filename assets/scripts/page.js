// What needs no server: showing a password, asking before unsaved work is left, telling the time zone.
// And what the server may ask of a page: one of these acts, with values. Code that comes over the socket is never run.
(() => {
  const here = () => encodeURIComponent(location.pathname + location.search);
  const acts = {
    // What the page shows, in its address: for a reload, a bookmark, a link.
    address: (refs, path) => history.replaceState(history.state, "", path),
    copy: (refs, text) => navigator.clipboard?.writeText(text).then(() => acts.toast(refs, "success", "Copied.", {})),
    leave: () => location.assign("/sign-in?problem=address"),
    reload: () => location.reload(),
    sign_in: () => location.assign(`/sign-in?next=${here()}`),
    sign_out: () => fetch("/auth/sign-out", { method: "POST" }).finally(() => location.assign("/sign-in")),
    toast: (refs, kind, text, options) => refs.__toast?.[kind](text, options),
  };
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
    const away = link && !link.hash && link.target !== "_blank" && !event.metaKey && !event.ctrlKey;
    if (away && unsaved() && !confirm(question)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);
})();
