// What only a person can decide: why a posted grade changes, and which of two values stands.
import { make } from "./view.js";

const dialog = (title, ...parts) => {
  const box = make("dialog", "grid-dialog");
  box.setAttribute("aria-label", title);
  box.append(make("h2", "", title), ...parts);
  document.querySelector(".radix-themes").append(box);
  box.addEventListener("close", () => box.remove());
  box.showModal();
  return box;
};
const button = (words, kind, act) => {
  const made = make("button", `button ${kind}`, words);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
};
const foot = (...buttons) => { const row = make("div", "row grid-foot"); row.append(...buttons); return row; };

export const reasonFor = (count) => new Promise((tell) => {
  const field = make("input", "input");
  field.maxLength = 400;
  field.setAttribute("aria-label", "Reason");
  field.placeholder = "Second marker, typing error …";
  const give = () => { if (field.value.trim()) { tell(field.value.trim()); box.close(); } else field.focus(); };
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); give(); } });
  const words = count === 1 ? "This grade is posted. Say why it changes; it stays in the ledger." : `${count} of these grades are posted. Say why they change; it stays in the ledger.`;
  const box = dialog("Why does it change?", make("p", "muted", words), field, foot(button("Leave as it was", "secondary", () => box.close()), button("Change", "primary", give)));
  box.addEventListener("close", () => tell(""));
  field.focus();
});

// Each with the name, what was typed and what stands there now; the answer is those whose own value is wanted.
export const which = (conflicts) => new Promise((tell) => {
  const list = make("ul", "bare stack");
  for (const each of conflicts) {
    const line = make("li", "grid-conflict"), pick = make("select", "input");
    pick.setAttribute("aria-label", `${each.name}, ${each.title}`);
    for (const [value, words] of [["theirs", `Keep ${each.now}`], ["mine", `Take yours: ${each.value || "nothing"}`]]) {
      const option = make("option", "", words);
      option.value = value;
      pick.append(option);
    }
    const words = make("div", "grow");
    words.append(make("b", "", each.name), make("div", "meta", `${each.title} · you typed ${each.value || "nothing"}, it is ${each.now} now`));
    line.append(words, pick);
    each.pick = pick;
    list.append(line);
  }
  const box = dialog("Somebody else was faster", make("p", "muted", "These cells changed since you saw them. Nothing of yours was kept yet."), list,
    foot(button("Keep all theirs", "secondary", () => box.close()), button("Use what is chosen", "primary", () => { tell(conflicts.filter((each) => each.pick.value === "mine")); box.close(); })));
  box.addEventListener("close", () => tell([]));
});
