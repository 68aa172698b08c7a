/* What pages do beyond what they do without scripts: nothing here is needed. The live preview is htmx's; this keeps the
   box in step with it, says when it could not be brought up to date, and puts signs where the caret stands. */

(() => {
  "use strict";

  const box = document.getElementById("q");
  const helpers = document.querySelector(".helpers");
  const stale = document.getElementById("stale");

  function describe(name, value) {
    if (value) box.setAttribute(name, value);
    else box.removeAttribute(name);
  }

  /* What is chosen already stays so, and whoever saves it is told why it cannot be had. */
  function follow(radio) {
    const refused = radio.labels[0].querySelector(".refusal") !== null;
    radio.disabled = refused && !radio.checked;
    radio.parentElement.classList.toggle("closed", refused);
  }

  /* Box and buttons are not swapped, so that focus, caret and choice stay: what they say of a mistake, and of what
     cannot be had, is brought up to date here. */
  document.addEventListener("htmx:afterSettle", () => {
    const mistaken = document.getElementById("q-mistake") !== null;
    const hint = document.getElementById("q-hint") ? ["q-hint"] : [];
    describe("aria-invalid", mistaken ? "true" : "");
    describe("aria-describedby", [...hint, ...(mistaken ? ["q-mistake"] : [])].join(" "));
    /* A bar that came while somebody types would move the box; one that is there goes with the mistake. */
    if (!mistaken) box.closest(".field")?.classList.remove("wrong");
    for (const radio of document.querySelectorAll("[name=frequency]")) follow(radio);
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
