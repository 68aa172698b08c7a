/* Buttons that copy what stands beside them. Without scripts there is none, and the text is selected by one press. */

(() => {
  "use strict";

  async function copied(part) {
    try {
      await navigator.clipboard.writeText(part.textContent.trim());
      return true;
    } catch {
      getSelection().selectAllChildren(part);
      return document.execCommand("copy");
    }
  }

  for (const button of document.querySelectorAll("button[data-copies]")) {
    const said = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const part = document.getElementById(button.dataset.copies);
      said.textContent = (await copied(part)) ? "Copied." : "It is selected: copy it by keyboard.";
    });
  }
})();
