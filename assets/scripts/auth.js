// Sends the forms marked data-auth without leaving the page, so that a refusal loses nothing that was typed.
(() => {
  if (window.faradayForms) return;
  window.faradayForms = true;
  const show = (form, text, tone = "red") => {
    const place = form.querySelector("[data-problem]");
    place.className = `callout ${tone}`;
    place.textContent = text;
    place.hidden = !text;
  };
  // Why somebody was sent here. After the page has come to life, which would hide it again.
  const reasons = { address: "Your organisation does not allow this from where you are. Ask an administrator." };
  window.addEventListener("load", () => {
    const form = document.querySelector("form[data-auth]");
    const reason = reasons[new URLSearchParams(location.search).get("problem")];
    if (form && reason) setTimeout(() => show(form, reason), 300);
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-auth]");
    if (!form) return;
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    show(form, "");
    try {
      const body = new URLSearchParams(new FormData(form));
      const wanted = new URLSearchParams(location.search);
      for (const name of ["next", "token"]) if (wanted.has(name)) body.set(name, wanted.get(name));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (answer.ok && form.dataset.auth === "stay") show(form, form.dataset.done, "green");
      else if (answer.ok) return location.assign(told.next);
      else {
        show(form, told.detail);
        form.querySelector(`[name="${told.errors?.[0]?.field ?? "password"}"]`)?.focus();
      }
    } catch {
      show(form, "Faraday cannot be reached. Check your connection and try again.");
    }
    button.setAttribute("aria-busy", "false");
  });
})();
