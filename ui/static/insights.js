// Turns clicks into events for the server. All content comes from the server; nothing here makes markup.
"use strict";
const insights = (() => {
  let trigger = null;  // set by Gradio once the hub is there

  function clicked(event) {
    const button = event.target.closest("[data-event]");
    if (!button) return;
    const { event: name, ...data } = button.dataset;
    if (name === "language") document.cookie = `vouch_language=${data.language}; path=/; max-age=31536000; samesite=lax`;
    trigger?.(name, { days: document.querySelector(".i-main")?.dataset.days ?? "", ...data });
  }

  function connect(newTrigger) {
    if (trigger === null) document.addEventListener("click", clicked);
    trigger = newTrigger;
    document.body.classList.add("v-ready");
  }

  return { connect };
})();
