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
