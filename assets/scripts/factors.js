// Passkeys, and showing again who one is. Proofs go over HTTP to /auth, never through the page's socket.
(() => {
  const unreachable = "Faraday cannot be reached. Check your connection and try again.";
  const unsupported = "This browser or address cannot use passkeys. Open Faraday by its name over HTTPS" +
    " (or localhost) in a current browser, or choose another way.";
  const supported = () => Boolean(window.PublicKeyCredential) && !/^[\d.]+$|:/.test(location.hostname);

  const post = async (path, fields = {}) => {
    const headers = { Accept: "application/json" };
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields), headers });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.detail || told.title);
    return told;
  };
  const words = (error) => {
    if (error.name === "NotAllowedError" || error.name === "AbortError")
      return "The browser did not use a passkey: it was cancelled, took too long, or there is none for Faraday.";
    if (error.name === "InvalidStateError") return "This device already has a passkey of yours.";
    if (error.name === "SecurityError") return unsupported;
    return error instanceof TypeError ? unreachable : error.message;
  };

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

  // The browser takes one request at a time: what is offered in the e-mail field ends before another begins.
  let offered;
  const withdraw = () => { offered?.abort(); offered = undefined; };

  const create = async (options) => {
    withdraw();
    const user = { ...options.user, id: bytes(options.user.id) };
    const made = await navigator.credentials.create({ publicKey: { ...options, user,
      challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials) } });
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response: {
      clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) } });
  };
  const sign = async (options, more = {}) => {
    if (!more.signal) withdraw();
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const { id, rawId, type, response } = await navigator.credentials.get({ publicKey, ...more });
    return JSON.stringify({ id, rawId: text(rawId), type, response: {
      clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData),
      signature: text(response.signature), userHandle: text(response.userHandle) } });
  };

  Object.assign(window.faraday.acts, {
    ways: async () => {
      try { return (await (await fetch("/auth/confirm")).json()).ways ?? []; } catch { return []; }
    },
    // Each resolves to an empty text, or to what went wrong.
    confirm: async (refs, id) => {
      const form = new FormData(document.getElementById(id));
      const way = form.get("way");
      try {
        if (way === "passkey" && !supported()) return unsupported;
        const code = way === "passkey"
          ? await sign(await post("/auth/confirm/passkey-options")) : form.get(`confirm_${way}`) ?? "";
        await post("/auth/confirm", { way, code });
        return "";
      } catch (error) { return words(error); }
    },
    register: async (refs, id) => {
      if (!supported()) return unsupported;
      const name = new FormData(document.getElementById(id)).get("passkey_name") ?? "";
      try {
        await post("/auth/passkeys", { name, code: await create(await post("/auth/passkeys/options")) });
        return "";
      } catch (error) { return words(error); }
    },
    save: (refs, name, id) => {
      const content = document.getElementById(id).innerText;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });

  // On the pages before one is in: buttons marked data-passkey with the place to ask at, and to answer to.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button || button.getAttribute("aria-busy") === "true") return;
    const place = document.querySelector(`#${button.dataset.tells}`);
    const tell = (words) => { place.textContent = words; place.hidden = !words; };
    tell("");
    if (!supported()) return tell(unsupported);
    button.setAttribute("aria-busy", "true");
    withdraw();
    try {
      return await enter(button, await sign(await post(button.dataset.passkey)));
    } catch (error) { tell(words(error)); }
    button.setAttribute("aria-busy", "false");
    offer();
  });
  const enter = async (button, code) => {
    const next = new URLSearchParams(location.search).get("next") ?? "/";
    location.assign((await post(button.dataset.answers, { way: "passkey", code, next })).next);
  };

  // A field with autocomplete="username webauthn" offers passkeys by itself, where the browser can. What is to be
  // signed is good for five minutes, so it is asked for anew before.
  const field = "input[autocomplete~=webauthn]";
  const fresh = 4 * 60 * 1000;
  const offer = async () => {
    if (offered || !document.querySelector(field) || !supported()) return;
    const mine = offered = new AbortController();
    const end = () => { if (offered === mine) withdraw(); };
    let button, code;
    try {
      if (!await window.PublicKeyCredential.isConditionalMediationAvailable?.()) return;
      button = document.querySelector("[data-passkey]");
      const options = await post(button.dataset.passkey);
      if (mine.signal.aborted) return;
      setTimeout(() => { if (offered === mine) { end(); offer(); } }, fresh);
      code = await sign(options, { mediation: "conditional", signal: mine.signal });
    } catch { return end(); }  // withdrawn, or the browser's own affair: the button and the password are there
    try { await enter(button, code); } catch (error) {
      const place = document.querySelector(`#${button.dataset.tells}`);
      if (place) { place.textContent = words(error); place.hidden = false; }
      end();
      offer();
    }
  };
  document.addEventListener("focusin", (event) => { if (event.target.matches(field)) offer(); });
  addEventListener("load", offer);
})();
