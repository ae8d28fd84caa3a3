// Several files at once over HTTP, each with a line that says how far it is. An act that a handler may ask for.
(() => {
  const LARGEST = 20 * 1024 * 1024;
  const LOST = "The file could not be sent. Check your connection and try again.";

  const line = (list, name) => {
    const item = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    label.textContent = name;
    label.className = "clip grow";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    item.className = "row";
    item.append(label, bar);
    list?.append(item);
    return { bar, done: () => item.remove() };
  };

  const send = (file, path, shown) => new Promise((resolve) => {
    const url = new URL(path, location.origin);
    if (url.origin !== location.origin) return resolve("Files are sent to Faraday only.");
    url.searchParams.set("name", file.name);
    const sending = new XMLHttpRequest();
    sending.open("POST", url);
    sending.setRequestHeader("Accept", "application/json");
    sending.setRequestHeader("Content-Type", "application/octet-stream");
    sending.setRequestHeader("Idempotency-Key", crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
    sending.upload.addEventListener("progress", (event) => { if (event.lengthComputable) shown.bar.value = event.loaded / event.total; });
    sending.addEventListener("error", () => resolve(LOST));
    sending.addEventListener("load", () => {
      if (sending.status < 300) return resolve("");
      try {
        const told = JSON.parse(sending.responseText);
        resolve(told.detail || told.title || LOST);
      } catch { resolve(LOST); }
    });
    sending.send(file);
  });

  Object.assign(window.faraday.acts, {
    // All files chosen in a field (or dropped on it), two at a time. Resolves to what went wrong, a sentence for each.
    upload_files: async (refs, id, path, list) => {
      const field = document.getElementById(id);
      const files = [...(field?.files ?? [])];
      const lines = document.getElementById(list);
      const wrong = [];
      const next = async () => {
        for (let file = files.shift(); file; file = files.shift()) {
          const shown = line(lines, file.name);
          const told = file.size > LARGEST ? "A file can have 20 MB at most. Add longer videos as a link." : await send(file, path, shown);
          shown.done();
          if (told) wrong.push(`“${file.name}”: ${told}`);
        }
      };
      await Promise.all([next(), next()]);
      if (field) field.value = "";
      return wrong.slice(0, 5);
    },
  });
})();
