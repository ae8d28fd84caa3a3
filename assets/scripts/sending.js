// Files go over HTTP, never through the page's socket: one act, which a handler of the page may ask for.
(() => {
  Object.assign(window.faraday.acts, {
    // Sends the file chosen in a field to an address of the API. Resolves to an empty text, or to what went wrong.
    send_file: async (refs, id, path) => {
      const field = document.getElementById(id);
      const file = field?.files?.[0];
      if (!file) return "Choose a file first.";
      const url = new URL(path, location.origin);
      if (url.origin !== location.origin) return "Files are sent to Faraday only.";
      url.searchParams.set("name", file.name);
      try {
        const headers = { Accept: "application/json", "Content-Type": "application/octet-stream" };
        const answer = await fetch(url, { method: "POST", body: file, headers });
        if (answer.ok) { field.value = ""; return ""; }
        const told = await answer.json();
        return told.detail || told.title;
      } catch {
        return "The file could not be sent. Check your connection and try again.";
      }
    },
  });
})();
