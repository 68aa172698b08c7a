/* What pages do beyond what they do without scripts: nothing here is needed. The live preview is htmx's; this keeps the
   box in step with it, says when it could not be brought up to date, and puts signs where the caret stands. */

(() => {
  "use strict";

  const box = document.getElementById("q");
  const helpers = document.querySelector(".helpers");
  const stale = document.getElementById("stale");

  /* The box is not swapped, so that focus and caret stay: what it says of a mistake is brought up to date here. */
  document.addEventListener("htmx:afterSettle", () => {
    const mistaken = document.getElementById("q-mistake") !== null;
    box.toggleAttribute("aria-invalid", mistaken);
    if (mistaken) box.setAttribute("aria-invalid", "true");
    box.setAttribute("aria-describedby", mistaken ? "q-hint q-mistake" : "q-hint");
    stale.hidden = true;
  });

  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      stale.hidden = false;
    });
  }

  /* Inserted as if typed, so that undo takes it back and the preview follows. */
  function type(text) {
    box.focus();
    if (document.execCommand("insertText", false, text)) return;
    box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function insertWord(word) {
    const before = box.value.slice(0, box.selectionStart);
    const after = box.value.slice(box.selectionEnd);
    type((/(^|[\s(])$/.test(before) ? "" : " ") + word + (after.startsWith(" ") ? "" : " "));
  }

  function insertPair(pair) {
    const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
    type(pair[0] + chosen + pair[1]);
    if (!chosen) box.setSelectionRange(box.selectionStart - 1, box.selectionStart - 1);
  }

  if (helpers && box) {
    /* The box keeps the focus, or the phone would put its keyboard away. */
    helpers.addEventListener("pointerdown", (event) => event.preventDefault());
    helpers.addEventListener("click", (event) => {
      const { word, pair } = event.target.closest("button")?.dataset ?? {};
      if (word) insertWord(word);
      if (pair) insertPair(pair);
    });
  }
})();
