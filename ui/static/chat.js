// The page's behaviour: turns clicks and forms into events for the server, and keeps scrolling, focus and the
// passage panel as people expect them. All content comes from the server; nothing here makes markup from text.
"use strict";
const vouch = (() => {
  const GIVE_UP_MS = 20000, ATTEND_MS = 25000;
  let trigger = null;      // set by Gradio once the hub is there
  let stuck = true;        // the reader is at the end of the conversation, so new sentences scroll into view
  let sending = null;      // a message on its way, until the server shows it
  let opener = null;       // the citation that opened the panel: focus returns to it
  let played = null;       // the citation whose recording was started: once, at its click
  let closing = null;      // what takes the focus when the server shows it, at the end of a conversation
  let attending = null;    // the conversation whose news is being asked for, and since when
  const waiting = [];      // messages written while an answer is under way

  const find = (selector, within = document) => within.querySelector(selector);
  const transcript = () => find(".v-transcript");
  const scroller = () => find("#vouch-transcript");
  const input = () => find("#v-input");
  const busy = () => sending !== null || transcript()?.dataset.busy === "true";
  const emit = (name, data) => trigger?.(name, { ...data, conversation: transcript()?.dataset.conversation ?? "" });

  // --- writing -----------------------------------------------------------------------------------------------
  function ask(text) {
    text = text.trim();
    if (!text) return false;
    if (busy()) waiting.push(text);
    else send(text);
    showWaiting();
    return true;
  }

  function send(text) {
    stuck = true;
    const mine = (sending = { text, echo: crypto.getRandomValues(new Uint32Array(2)).join("-") });
    setTimeout(() => sending === mine && giveBack(), GIVE_UP_MS);
    document.querySelectorAll(".v-options button").forEach((each) => { each.disabled = true; });
    emit("ask", { text, echo: mine.echo });
    refreshInput();
  }

  function giveBack() {  // the server never showed the message, or refused it: it must not be lost
    const field = input();
    if (field) field.value = [sending.text, ...waiting.splice(0), field.value].filter(Boolean).join("\n");
    sending = null;
    refreshInput();
  }

  function arrived() {  // what the server shows carries the echo of the message it answers to
    const shown = transcript()?.dataset;
    if (sending && sending.echo === shown?.echo) {
      if (shown.refused) giveBack();
      else sending = null;
    }
    if (!busy() && waiting.length) send(waiting.shift());
    showWaiting();
  }

  function showWaiting() {
    const line = find(".v-waiting");
    if (!line) return;
    const quote = find("q", line), text = waiting.join(" · ");
    line.hidden = !text;
    if (quote.textContent !== text) quote.textContent = text;  // writing is a change that calls this again
  }

  function refreshInput() {
    const field = input();
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 168)}px`;
    find(".v-send").disabled = !field.value.trim();
  }

  // --- the passage panel -------------------------------------------------------------------------------------
  function openPanel(button) {
    opener = button;
    document.querySelectorAll(".v-current").forEach((each) => each.classList.remove("v-current"));
    button.classList.add("v-current");
    document.body.classList.add("v-open");
    showPassage();
  }

  function closePanel() {
    document.body.classList.remove("v-open");
    document.querySelectorAll(".v-current").forEach((each) => each.classList.remove("v-current"));
    find("#vouch-panel .v-player")?.pause();
    opener?.isConnected && opener.focus();
    opener = played = null;
  }

  function showPassage() {
    const panel = find("#vouch-panel .v-panel");
    if (!panel) { if (!opener) closePanel(); return; }
    const body = find(".v-panel-body", panel), mark = find("mark.v-focus", panel), player = find(".v-player", panel);
    const top = mark ? mark.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop : 0;
    body.scrollTop = Math.max(0, top - (player ? player.offsetHeight + 32 : body.clientHeight / 3));
    if (player) play(player);
    if (document.body.classList.contains("v-open")) find("[data-close]", panel).focus({ preventScroll: true });
  }

  function play(player) {  // from the cited second; the panel may still show the citation before this one
    const { citation, second } = player.dataset;
    if (!opener || played === opener || citation !== `${opener.dataset.chunk}:${opener.dataset.focus}`) return;
    played = opener;
    if (second === undefined) return;
    player.currentTime = Number(second);
    player.play().catch(() => {});  // a browser that wants another click for sound: the controls are there
  }

  // --- a person in the conversation --------------------------------------------------------------------------
  function attend() {  // while one is asked for, the server tells of news; it stops by itself a little later than this asks
    const shown = transcript();
    if (shown?.dataset.attended !== "true") { attending = null; return; }
    const { conversation, mark } = shown.dataset, now = Date.now();
    if (attending?.conversation === conversation && now - attending.since < ATTEND_MS) return;
    attending = { conversation, since: now };
    emit("follow", { mark });
  }

  function heard() {
    const news = find("#vouch-news [data-mark]")?.dataset, shown = transcript()?.dataset;
    if (!news || !shown || news.conversation !== shown.conversation) return;
    const line = find(".v-queue");
    if (line && line.textContent !== news.wait) line.textContent = news.wait;
    if (news.mark !== shown.mark && !busy()) emit("refresh", {});
  }

  // --- what the page hears -----------------------------------------------------------------------------------
  function clicked(event) {
    const button = event.target.closest("[data-event], [data-close]");
    if (!button) return;
    if ("close" in button.dataset) return closePanel();
    const { event: name, ...data } = button.dataset;
    if (name === "ask") {
      if (event.detail === 0) input()?.focus();  // by keyboard: the button is about to go, writing goes on here
      return ask(data.text);
    }
    if (name === "cite") openPanel(button);
    if (name === "fresh") { waiting.length = 0; closePanel(); input()?.focus(); }
    if (name === "person") stuck = true;
    if (name === "end") { stuck = true; closing = "#vouch-status [name=score]"; }
    if (name === "language") {
      document.cookie = `vouch_language=${data.language}; path=/; max-age=31536000; samesite=lax`;
      closePanel();
    }
    emit(name, data);
  }

  function submitted(event) {
    const kind = event.target.dataset?.form;
    if (!kind) return;
    event.preventDefault();
    if (kind === "contact") {
      const contact = event.target.elements.contact;
      if (contact.value.trim()) emit("contact", { contact: contact.value.trim() });
      contact.value = "";
    } else if (kind === "survey") {
      const { score, word } = event.target.elements;
      closing = "#vouch-status .v-thanks";
      emit("survey", { score: score.value, word: word.value });
    } else if (ask(input().value)) {
      input().value = "";
      refreshInput();
    }
  }

  function pressed(event) {
    if (event.key === "Escape") {
      if (document.body.classList.contains("v-open")) closePanel();
      else if (window.parent !== window) window.parent.postMessage("vouch:close", "*");  // says nothing but that
    }
    // Enter that only picks a word of an input method (Chinese) does not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === input()) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  }

  function follow() {  // new sentences: stay at the end, unless the reader has scrolled up
    const box = scroller();
    document.documentElement.lang = transcript()?.dataset.language ?? "en";
    arrived();
    attend();
    toEnd(box);
  }

  function toEnd(box) {  // an empty chat is read from its beginning
    if (box && stuck) box.scrollTop = find(".v-empty") ? 0 : box.scrollHeight;
  }

  function closed() {  // the survey follows its button, the thanks the survey: the focus goes along
    const next = closing && find(closing);
    if (!next) return;
    closing = null;
    next.focus({ preventScroll: true });
  }

  function watch() {
    const observe = (selector, heard) =>
      new MutationObserver(heard).observe(find(selector), { childList: true, subtree: true, characterData: true, attributes: true });
    observe("#vouch-transcript", follow);
    observe("#vouch-panel", showPassage);
    observe("#vouch-news", heard);
    observe("#vouch-status", closed);
    setInterval(attend, 1000);
    new MutationObserver(() => { showWaiting(); refreshInput(); }).observe(find("#vouch-composer"), { childList: true, subtree: true });
    const box = scroller();
    box.addEventListener("scroll", () => { stuck = !!find(".v-empty") || box.scrollHeight - box.scrollTop - box.clientHeight < 80; }, { passive: true });
    new ResizeObserver(() => toEnd(box)).observe(box);
    document.addEventListener("click", clicked);
    document.addEventListener("submit", submitted);
    document.addEventListener("keydown", pressed);
    document.addEventListener("input", (event) => event.target === input() && refreshInput());
    follow();
  }

  function connect(newTrigger) {
    const first = trigger === null;
    trigger = newTrigger;
    if (first) watch();
    document.body.classList.add("v-ready");
  }

  return { connect };
})();
