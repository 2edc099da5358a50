// Turns clicks into events for the server. All content comes from the server; nothing here makes markup.
"use strict";
const insights = (() => {
  let trigger = null;  // set by Gradio once the hub is there
  let known = "";      // of which period and language the topics were asked for

  function clicked(event) {
    const button = event.target.closest("[data-event]");
    if (!button) return;
    const { event: name, ...data } = button.dataset;
    if (name === "language") document.cookie = `vouch_language=${data.language}; path=/; max-age=31536000; samesite=lax`;
    trigger?.(name, { days: main()?.dataset.days ?? "", ...data });
  }

  function main() {
    return document.querySelector("#insights-main .i-main");
  }

  function arrived() {  // the figures of a period are there; its topics take longer
    const shown = main(), now = shown ? `${shown.dataset.days} ${shown.lang}` : known;
    if (now === known) return;
    known = now;
    trigger("topics", { days: shown.dataset.days });
  }

  function connect(newTrigger) {
    const first = trigger === null;
    trigger = newTrigger;
    if (first) {
      document.addEventListener("click", clicked);
      new MutationObserver(arrived).observe(document.querySelector("#insights-main"), { childList: true, subtree: true });
      arrived();
    }
    document.body.classList.add("v-ready");
  }

  return { connect };
})();
