// The grading screen: which words of the text are marked, its keys, and speaking a remark. The page's own fields and
// buttons carry all of it: what is typed is written before another student comes.
(() => {
  const part = (id) => document.getElementById(id);
  const press = (id) => { document.activeElement?.blur(); part(id)?.click(); };
  const typing = (target) => target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  const tell = (words) => {
    const box = part("marking-words");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, words);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Characters are counted as people count them, not in halves of a surrogate pair.
  const marked = () => {
    const paper = part("marking-text"), selection = getSelection();
    if (!paper || !selection?.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!paper.contains(range.commonAncestorContainer)) return;
    const words = range.toString(), before = document.createRange();
    if (!words.trim() || words.length > 2000) return;
    before.selectNodeContents(paper);
    before.setEnd(range.startContainer, range.startOffset);
    tell(`${paper.dataset.key}\n${[...before.toString()].length}\n${words}`);
  };
  document.addEventListener("mouseup", () => setTimeout(marked));
  document.addEventListener("touchend", () => setTimeout(marked, 300));
  document.addEventListener("keyup", (event) => { if (event.shiftKey) marked(); });

  document.addEventListener("keydown", (event) => {
    if (!part("marking") || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    const act = command && event.key === "Enter" ? "marking-save"
      : event.altKey && event.key === "ArrowDown" || !command && !event.altKey && event.key === "j" && !typing(event.target) ? "marking-next"
      : event.altKey && event.key === "ArrowUp" || !command && !event.altKey && event.key === "k" && !typing(event.target) ? "marking-previous" : "";
    if (!act || document.querySelector("[role=dialog], [role=alertdialog]")) return;
    event.preventDefault();
    press(act);
  });

  let recorder = null;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-records]");
    if (!button) return;
    if (recorder) return recorder.stop();
    const into = part(button.dataset.records), pieces = [];
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 64_000 });
      recorder.ondataavailable = ({ data }) => pieces.push(data);
      recorder.onstop = () => {
        stream.getTracks().forEach((track) => track.stop());
        button.setAttribute("aria-pressed", "false");
        const kept = new DataTransfer();
        kept.items.add(new File(pieces, "remark", { type: recorder.mimeType }));
        recorder = null;
        into.files = kept.files;
        into.dispatchEvent(new Event("change", { bubbles: true }));
      };
      recorder.start();
      button.setAttribute("aria-pressed", "true");
    } catch {
      window.faraday.acts.toast(window.refs ?? {}, "error", "There is no microphone here, or this page may not use it.", {});
    }
  });
})();
