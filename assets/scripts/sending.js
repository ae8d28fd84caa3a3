// Files go over HTTP, never through the page's socket: acts that a handler of the page may ask for.
(() => {
  const LARGEST = 20 * 1024 * 1024;
  const send = async (file, path) => {
    const url = new URL(path, location.origin);
    if (url.origin !== location.origin) return "Files are sent to Faraday only.";
    url.searchParams.set("name", file.name);
    try {
      const headers = { Accept: "application/json", "Content-Type": "application/octet-stream" };
      const answer = await fetch(url, { method: "POST", body: file, headers });
      if (answer.ok) return "";
      const told = await answer.json();
      return told.detail || told.title;
    } catch {
      return "The file could not be sent. Check your connection and try again.";
    }
  };

  // A file in pieces: what has arrived survives a lost connection, and a reload of the page where it is chosen again.
  const PIECE = 512 * 1024, TRIES = 6;
  const wait = (tries) => new Promise((done) => setTimeout(done, 400 * 2 ** tries));
  const call = async (method, url, body, headers = {}) => {
    const answer = await fetch(url, { method, body, headers: { Accept: "application/json", ...headers } });
    if (answer.status === 204) return {};
    const told = await answer.json();
    if (answer.ok) return told;
    const refused = new Error(told.detail || told.title);
    refused.status = answer.status;
    throw refused;
  };
  const begun = async (file, path, key) => {
    const known = localStorage.getItem(key);
    if (known) {
      try {
        const upload = await call("GET", `/api/v1/uploads/${known}`);
        if (!upload.file_id) return upload;
      } catch (refused) {
        if (!refused.status) throw refused;
      }
    }
    const body = JSON.stringify({ name: file.name, size: file.size });
    const upload = await call("POST", path, body, { "Content-Type": "application/json" });
    localStorage.setItem(key, upload.id);
    return upload;
  };
  const inPieces = async (file, path, tell) => {
    const key = `upload ${path} ${file.name} ${file.size} ${file.lastModified}`;
    for (let tries = 0; ; tries++) {
      try {
        let upload = await begun(file, path, key);
        while (upload.received < file.size) {
          tell(upload.received);
          const piece = file.slice(upload.received, upload.received + PIECE);
          const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(upload.received) };
          upload = await call("PATCH", `/api/v1/uploads/${upload.id}`, piece, headers);
          tries = 0;
        }
        tell(file.size);
        await call("POST", `/api/v1/uploads/${upload.id}/finish`);
        localStorage.removeItem(key);
        return "";
      } catch (refused) {
        const again = !refused.status || refused.status >= 500 || refused.status === 409 || refused.status === 429;
        if (again && tries < TRIES) {
          await wait(tries);
          continue;
        }
        if (refused.status) localStorage.removeItem(key);
        return refused.status ? refused.message : "The connection was lost. Choose the file again to go on where it stopped.";
      }
    }
  };

  Object.assign(window.faraday.acts, {
    // Sends the file chosen in a field to an address of the API. Resolves to an empty text, or to what went wrong.
    send_file: async (refs, id, path) => {
      const field = document.getElementById(id);
      const file = field?.files?.[0];
      if (!file) return "Choose a file first.";
      const wrong = await send(file, path);
      if (!wrong) field.value = "";
      return wrong;
    },
    // The same, resolving to the answer, or to {problem}. The file stays chosen: it may be sent again.
    file_answer: async (refs, id, path) => {
      const file = document.getElementById(id)?.files?.[0], url = new URL(path, location.origin);
      if (!file) return { problem: "Choose a file first." };
      if (url.origin !== location.origin) return { problem: "Files are sent to Faraday only." };
      if (file.size > LARGEST) return { problem: "A file can have 20 MB at most." };
      try {
        return await call("POST", url, file, { "Content-Type": "application/octet-stream" });
      } catch (refused) {
        return { problem: refused.status ? refused.message : "The file could not be sent. Check your connection and try again." };
      }
    },
    // Asks the API for something that takes a while. Resolves to the answer, or to {problem} with what went wrong.
    ask: async (refs, path, body) => {
      const url = new URL(path, location.origin);
      if (url.origin !== location.origin) return { problem: "Only Faraday is asked." };
      try {
        return await call("POST", url, JSON.stringify(body), { "Content-Type": "application/json" });
      } catch (refused) {
        return { problem: refused.status ? refused.message : "The connection was lost. Please try again." };
      }
    },
    // All files chosen in a field in pieces, with their progress beside it.
    send_in_pieces: async (refs, id, path) => {
      const field = document.getElementById(id), out = document.getElementById(`${id}-progress`);
      const files = [...(field?.files ?? [])];
      if (!files.length) return ["Choose a file first."];
      const wrong = [];
      for (const file of files) {
        const tell = (sent) => { if (out) out.textContent = `Sending ${file.name}: ${Math.floor((100 * sent) / file.size)} %`; };
        const told = file.size > LARGEST ? "A file can have 20 MB at most." : await inPieces(file, path, tell);
        if (told) wrong.push(`“${file.name}”: ${told}`);
      }
      if (out) out.textContent = "";
      field.value = "";
      return wrong.slice(0, 5);
    },
    // All files chosen in a field, one after another. Resolves to what went wrong, a sentence for each.
    send_files: async (refs, id, path) => {
      const field = document.getElementById(id);
      const files = [...(field?.files ?? [])];
      if (!files.length) return ["Choose a file first."];
      const wrong = [];
      for (const file of files) {
        const told = file.size > LARGEST ? "A file can have 20 MB at most." : await send(file, path);
        if (told) wrong.push(`“${file.name}”: ${told}`);
      }
      field.value = "";
      return wrong.slice(0, 5);
    },
  });
})();
