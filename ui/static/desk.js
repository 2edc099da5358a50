// The desk's behaviour: turns clicks into events for the server, asks whether there is news, and keeps drafts, filters,
// scrolling and focus as agents expect them. All content comes from the server; nothing here makes markup from text.
"use strict";
const desk = (() => {
  const NEWS_MS = 700, HIDDEN_MS = 5000, REFRESH_MS = 60000, GIVE_UP_MS = 20000;
  let trigger = null;         // set by Gradio once the hub is there
  let tab = "waiting";        // which of the two lists shows
  const TELL_MS = 3000;
  let told = 0;               // when the customer was last told that somebody is writing
  let mode = "say";           // what writing means: a reply or a note
  let known = null;           // the news as of the last look
  let looked = 0;             // when the page was last brought up to date
  let sending = null;         // what was sent and is not shown yet
  let suggested = "";         // the customer's message a suggestion was asked for
  let opener = null;          // the citation that opened the panel
  const drafts = new Map();   // what is being written, by ticket
  const filters = { search: "", language: "", rule: "" };

  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const thread = () => find(".d-thread");
  const ticket = () => thread()?.dataset.ticket ?? "";
  const input = () => find("#d-input");
  const unique = () => crypto.getRandomValues(new Uint32Array(3)).join("-");
  const emit = (name, data = {}) => trigger?.(name, { ticket: ticket(), ...data });

  // --- news --------------------------------------------------------------------------------------------------
  async function look() {
    try {
      const answer = await fetch("/desk/news", { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) return leave();
      const news = answer.ok ? await answer.text() : known;
      const old = Date.now() - looked > REFRESH_MS;  // how long people wait changes by itself
      if ((known !== null && news !== known) || old) refresh();
      known = news;
    } catch { /* the server is away; the next look finds it */ }
    setTimeout(look, document.hidden ? HIDDEN_MS : NEWS_MS);
  }

  function refresh() {
    looked = Date.now();
    emit("news");
  }

  function leave() {
    location.assign("/login?next=/desk/");
  }

  // --- the queue ---------------------------------------------------------------------------------------------
  function sift() {
    const queue = find(".d-queue");
    if (!queue) return;
    const words = filters.search.trim().toLowerCase();
    let shown = 0;
    for (const button of all(".d-entry", queue)) {
      const { text, language, rule, list, ticket: number } = button.dataset;
      const fits = text.toLowerCase().includes(words)
        && (!filters.language || language === filters.language) && (!filters.rule || rule === filters.rule);
      set(button.parentElement, "hidden", !fits);
      mark(button, "aria-current", number === ticket() ? "true" : "false");
      if (fits && list === tab) shown += 1;
    }
    for (const list of all(".d-list", queue)) set(list, "hidden", list.dataset.list !== tab);
    for (const each of all("[data-tab]", queue)) mark(each, "aria-pressed", String(each.dataset.tab === tab));
    const count = Number(queue.dataset[tab]);
    for (const each of all("[data-none]", queue)) {
      set(each, "hidden", each.dataset.none === "found" ? !count || shown > 0 : each.dataset.none !== tab || count > 0);
    }
    document.title = document.title.replace(/^(\(\d+\) )?/, Number(queue.dataset.waiting) ? `(${queue.dataset.waiting}) ` : "");
  }

  function set(element, name, value) { if (element[name] !== value) element[name] = value; }
  function mark(element, name, value) { if (element.getAttribute(name) !== value) element.setAttribute(name, value); }

  function restoreFilters() {  // the lists come anew from the server; what was chosen stays
    const search = find("#d-search");
    if (search && search.value !== filters.search) search.value = filters.search;
    for (const select of all("[data-filter]")) {
      const name = select.dataset.filter;
      if (select.value !== filters[name]) select.value = filters[name];
      if (select.value !== filters[name]) select.value = filters[name] = "";  // there is none of it any more
    }
    sift();
  }

  function entries() {
    return all(`.d-list[data-list="${tab}"] li:not([hidden]) .d-entry`);
  }

  function step(by) {
    const shown = entries();
    if (!shown.length) return;
    const at = shown.findIndex((each) => each.dataset.ticket === ticket());
    const next = shown[Math.min(Math.max(at + by, 0), shown.length - 1)];
    next.focus();
    next.click();
  }

  // --- writing -----------------------------------------------------------------------------------------------
  function keep() {
    const composer = find(".d-composer");
    if (composer && input()) drafts.set(composer.dataset.ticket, input().value);
  }

  function composed() {  // a new composer: the draft returns to it, if it is the same conversation's
    const composer = find(".d-composer"), field = input();
    if (!composer || !field) return;
    const draft = drafts.get(composer.dataset.ticket) ?? "";
    if (field.value !== draft) field.value = draft;
    choose(composer.dataset.mine === "true" ? mode : "note");
    fit();
  }

  function choose(wanted) {
    const composer = find(".d-composer"), field = input();
    if (!composer || !field) return;
    if (composer.dataset.mine === "true") mode = wanted;
    mark(composer, "data-mode", wanted);
    for (const each of all("[data-mode]", composer)) mark(each, "aria-pressed", String(each.dataset.mode === wanted));
    set(field, "placeholder", field.dataset[wanted]);
    const label = find('label[for="d-input"]');
    if (label.textContent !== field.placeholder) label.textContent = field.placeholder;
  }

  function fit() {
    const field = input();
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 190)}px`;
    set(find(".d-composer .v-send"), "disabled", !field.value.trim());
  }

  function write() {
    const field = input(), text = field.value.trim(), composer = find(".d-composer");
    if (!text || sending) return;
    const mine = (sending = { text, key: unique(), ticket: composer.dataset.ticket });
    setTimeout(() => sending === mine && giveBack(), GIVE_UP_MS);
    drafts.delete(mine.ticket);
    field.value = "";
    fit();
    emit(composer.dataset.mode ?? "note", { text, key: mine.key });
    if (composer.dataset.mine === "true") choose("say");  // a note is the exception
  }

  function giveBack() {  // it could not be sent: it must not be lost
    if (!drafts.get(sending.ticket)) drafts.set(sending.ticket, sending.text);
    sending = null;
    composed();
  }

  function insert(text) {
    const field = input();
    if (!field) return;
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n${text}` : text;
    if (find(".d-composer")?.dataset.mine === "true") choose("say");
    keep();
    fit();
    field.focus();
  }

  // --- the conversation --------------------------------------------------------------------------------------
  let shown = "";
  function arrived() {
    const box = find("#desk-thread"), now = thread();
    if (!now) return;
    document.documentElement.lang = now.dataset.language;
    document.body.classList.toggle("d-chosen", now.dataset.ticket !== "");
    if (sending && sending.key === now.dataset.echo) {
      if (now.dataset.problem === "true") giveBack();
      else sending = null;
      stuck = true;
    }
    if (shown !== now.dataset.ticket) { shown = now.dataset.ticket; stuck = true; closePanel(); }
    if (stuck) box.scrollTop = box.scrollHeight;
    const asked = now.dataset.asked && now.dataset.mine === "true" ? `${now.dataset.ticket}/${now.dataset.asked}` : "";
    if (asked !== suggested) {
      suggested = asked;
      if (asked) emit("suggest");
    }
    mark(document.body, "data-suggest", asked ? "true" : "false");
    clocks();
    sift();
  }
  let stuck = true;

  function clocks() {  // times as the agent's own clock shows them
    const lang = document.documentElement.lang, locale = navigator.language.startsWith(lang) ? navigator.language : lang;
    for (const each of all("time.d-clock")) {
      const at = new Date(each.dateTime), today = at.toDateString() === new Date().toDateString();
      const style = today && !each.classList.contains("d-day") ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
      const text = at.toLocaleString(locale, style);
      if (each.textContent !== text) each.textContent = text;
    }
  }

  // --- the passage panel -------------------------------------------------------------------------------------
  function closePanel() {
    document.body.classList.remove("v-open");
    find("#desk-panel .v-player")?.pause();
    opener?.isConnected && opener.focus();
    opener = null;
  }

  function showPassage() {
    const panel = find("#desk-panel .v-panel"), focus = find("#desk-panel mark.v-focus");
    if (!panel || !document.body.classList.contains("v-open")) return;
    const body = find(".v-panel-body", panel);
    if (focus) body.scrollTop = Math.max(0, focus.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop - body.clientHeight / 3);
    find("[data-close]", panel).focus({ preventScroll: true });
  }

  // --- what the page hears -----------------------------------------------------------------------------------
  function clicked(event) {
    const menu = event.target.closest(".d-menu");
    for (const each of all(".d-menu[open]")) if (each !== menu) each.open = false;
    const button = event.target.closest("[data-event], [data-close], [data-insert], [data-tab], [data-mode]:not(section), [data-back], [data-details]");
    if (!button) return;
    const { event: name, ...data } = button.dataset;
    if ("close" in data) return closePanel();
    if ("back" in data) { document.body.classList.remove("d-chosen", "d-details"); return; }
    if ("details" in data) { document.body.classList.toggle("d-details"); return; }
    if ("tab" in data) { tab = data.tab; return sift(); }
    if ("insert" in data) { if (menu) menu.open = false; return insert(data.insert); }
    if ("mode" in data && !name) { choose(data.mode); return input().focus(); }
    if ("key" in data) data.key = unique();
    if (menu) menu.open = false;
    if (name === "open") { keep(); document.body.classList.remove("d-details"); if (button.dataset.ticket === ticket()) document.body.classList.add("d-chosen"); }
    if (name === "take") tab = "mine";
    if (name === "cite") { opener = button; document.body.classList.add("v-open"); }
    if (name === "language") document.cookie = `vouch_language=${data.language}; path=/; max-age=31536000; samesite=lax`;
    emit(name, data);
  }

  function submitted(event) {
    if (event.target.dataset?.form !== "write") return;
    event.preventDefault();
    write();
  }

  function typed(event) {
    if (event.target === input()) {
      keep();
      fit();
      if (mode === "say" && Date.now() - told > TELL_MS) { told = Date.now(); emit("writes"); }
    }
    if (event.target.id === "d-search") { filters.search = event.target.value; sift(); }
    if (event.target.dataset?.filter) { filters[event.target.dataset.filter] = event.target.value; sift(); }
  }

  function pressed(event) {
    if (event.key === "Escape") {
      const menu = find(".d-menu[open]");
      if (menu) { menu.open = false; find("summary", menu).focus(); }
      else if (document.body.classList.contains("v-open")) closePanel();
      else document.body.classList.remove("d-details");
    }
    // Enter that only picks a word of an input method (Chinese) does not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === input()) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const keys = {
      ArrowDown: () => step(1), ArrowUp: () => step(-1), KeyT: () => find('[data-event="take"]')?.click(),
      KeyR: () => { choose("say"); input()?.focus(); }, KeyN: () => { choose("note"); input()?.focus(); },
    };
    if (keys[event.code]) { event.preventDefault(); keys[event.code](); }
  }

  function watch() {
    const observe = (selector, heard) => new MutationObserver(heard).observe(find(selector), { childList: true, subtree: true });
    observe("#desk-queue", restoreFilters);
    observe("#desk-thread", arrived);
    observe("#desk-composer", composed);
    observe("#desk-panel", showPassage);
    observe("#desk-side", clocks);
    const box = find("#desk-thread");
    box.addEventListener("scroll", () => { stuck = box.scrollHeight - box.scrollTop - box.clientHeight < 80; }, { passive: true });
    new ResizeObserver(() => { if (stuck) box.scrollTop = box.scrollHeight; }).observe(box);
    document.addEventListener("click", clicked);
    document.addEventListener("submit", submitted);
    document.addEventListener("input", typed);
    document.addEventListener("keydown", pressed);
    looked = Date.now();
    arrived();
    restoreFilters();
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
