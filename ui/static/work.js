// The behaviour of the pages of editors and testers: turns clicks and forms into events for the server, asks whether
// there is news, sends files, and keeps what is being written. All content comes from the server; nothing here makes
// markup from text.
"use strict";
const work = (() => {
  const NEWS_MS = 900, HIDDEN_MS = 5000, TYPING_MS = 250;
  const PLACE = ["view", "source", "version", "first", "second"];  // where the page is: kept in its address
  const base = location.pathname;
  const state = Object.fromEntries([...new URLSearchParams(location.hash.slice(1))].filter(([name]) => PLACE.includes(name)));
  const written = new Map();  // what is being written, by the field's id
  const files = new Map();    // files that were not taken because there is one of that name
  let trigger = null, known = null, typing = null, sending = 0, astray = 0;

  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const emit = (name, data = {}) => trigger?.(name, { ...state, ...data });

  function move(data) {
    for (const name of PLACE) if (name in data) state[name] = data[name];
    const place = new URLSearchParams(PLACE.filter((name) => state[name]).map((name) => [name, state[name]]));
    history.replaceState(null, "", place.size ? `#${place}` : base);
  }

  async function look() {
    try {
      const answer = await fetch(`${base}news`, { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) return location.assign(`/login?next=${base}`);
      const news = answer.ok ? await answer.text() : known;
      if (known !== null && news !== known) emit("news");
      known = news;
      astray = elsewhere() ? astray + 1 : 0;
      if (astray > 1) { astray = 0; emit("show"); }
    } catch { /* the server is away; the next look finds it */ }
    setTimeout(look, document.hidden ? HIDDEN_MS : NEWS_MS);
  }

  function elsewhere() {  // an answer that was asked for earlier came later, and shows what was left
    const shown = find(".w-views [aria-current]"), wanted = find(`.w-views [data-view="${state.view ?? ""}"]`);
    return shown && wanted && shown !== wanted;
  }

  // --- files -------------------------------------------------------------------------------------------------
  async function send(chosen, replace = "") {
    const input = find("[data-upload]"), folder = find("#w-folder").value;
    sending += 1;
    for (const [at, file] of [...chosen].entries()) {
      find("#w-progress").textContent = `${at + 1} / ${chosen.length}`;
      const asked = new URLSearchParams({ name: file.name, folder: replace ? file.folder : folder, replace });
      try {
        const answer = await fetch(`${input.dataset.upload}?${asked}`, { method: "POST", body: file.content ?? file, headers: { "content-type": "application/octet-stream" } });
        const said = answer.ok ? await answer.json() : {};
        if (said.code === "EXISTS") files.set(said.source, { name: file.name, folder, content: file });
      } catch { find("#w-progress").textContent = "–"; }
    }
    sending -= 1;
    if (!sending) { find("#w-progress").textContent = ""; emit(input.dataset.then); }
  }

  function replace(source) {
    const file = files.get(source);
    if (!file) return;
    files.delete(source);
    send([file], "yes");
  }

  const carries = (event) => event.dataTransfer?.types.includes("Files") && find("[data-upload]");
  function dragged(event) {
    if (!carries(event)) return;
    event.preventDefault();
    document.body.classList.toggle("w-dragging", event.type === "dragover");
    if (event.type === "drop") send(event.dataTransfer.files);
  }

  // --- what the page hears -----------------------------------------------------------------------------------
  function clicked(event) {
    for (const each of all(".w-sure[open]")) if (!each.contains(event.target)) each.open = false;
    const again = event.target.closest("[data-replace]");
    if (again) return replace(again.dataset.replace);
    const button = event.target.closest("[data-event]");
    if (!button) return;
    const { event: name, ...data } = button.dataset;
    if (name === "language") document.cookie = `vouch_language=${data.language}; path=/; max-age=31536000; samesite=lax`;
    const sure = button.closest(".w-sure");
    if (sure) sure.open = false;
    if (name === "show") { move(data); find("#work-main").scrollTop = 0; scrollTo(0, 0); }
    const fields = button.closest("[data-fields]");
    emit(name, { ...(fields ? values(fields) : {}), ...data });
  }

  const values = (within) => Object.fromEntries([...within.querySelectorAll("[name]")].map((each) => [each.name, each.value]));

  function submitted(event) {
    const { form, clear } = event.target.dataset;
    if (!form) return;
    event.preventDefault();
    emit(form, values(event.target));
    if (clear !== undefined) for (const each of event.target.querySelectorAll("[name]")) { each.value = ""; written.delete(each.id); }
  }

  function typed(event) {
    const { id, type, value, dataset } = event.target;
    if (type === "file") { send([...event.target.files]); event.target.value = ""; return; }
    if (id) written.set(id, value);
    if (!dataset.live) return;
    state[dataset.live] = value;
    clearTimeout(typing);
    typing = setTimeout(() => emit("show"), TYPING_MS);
  }

  let focused = null, begun = false;
  function arrived() {  // the view comes anew from the server; what was written in it stays, and the place in it
    const main = find(".w-main");
    if (main && !begun) {  // the page as it begins; now to where its address says
      begun = true;
      if (Object.keys(state).length) emit("show");
    }
    if (main && document.documentElement.lang !== main.dataset.language) document.documentElement.lang = main.dataset.language;
    for (const [id, value] of written) {
      const field = document.getElementById(id);
      if (field && field.value !== value) field.value = value;
    }
    for (const each of all("[data-replace]")) if (each.hidden === files.has(each.dataset.replace)) each.hidden = !files.has(each.dataset.replace);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function watch() {
    const observe = (selector) => new MutationObserver(arrived).observe(find(selector), { childList: true, subtree: true });
    for (const part of ["#work-bar", "#work-list", "#work-main", "#work-activity"]) observe(part);
    document.addEventListener("click", clicked);
    document.addEventListener("submit", submitted);
    document.addEventListener("input", typed);
    document.addEventListener("focusin", (event) => { focused = event.target.id || null; });
    for (const kind of ["dragover", "dragleave", "drop"]) document.addEventListener(kind, dragged);
    arrived();
    look();
  }

  function connect(newTrigger) {
    const first = trigger === null;
    trigger = newTrigger;
    if (first) watch();
    document.body.classList.add("v-ready");
  }

  return { connect };
})();
