// Puts the customers' chat on another site: a bubble that opens it in a frame. Asks for nothing but the chat itself, and
// styles nothing outside of its own shadow tree.
"use strict";
(() => {
  const origins = __ORIGINS__;
  const script = document.currentScript;
  if (!script || window.vouchChat) return;
  if (!origins.includes(location.origin)) {
    console.warn(`Vouch: ${location.origin} may not show this chat. Add it to server.embed_origins.`);
    return;
  }
  const chat = new URL(".", script.src);
  const words = (script.dataset.language || document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh")
    ? { open: "打开客服对话", close: "关闭客服对话", title: "客服对话" }
    : { open: "Open the chat", close: "Close the chat", title: "Customer service chat" };
  const look = `
    :host { all: initial; position: fixed; inset: auto 20px 20px auto; z-index: 2147483000; color-scheme: light dark; --brand: #1f5c4d; --on: #fff; }
    @media (prefers-color-scheme: dark) { :host { --brand: #7cc4ad; --on: #0d1f19; } }
    button { all: unset; box-sizing: border-box; display: grid; place-items: center; cursor: pointer; color: var(--on); background: var(--brand); }
    button:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; }
    .bubble { width: 60px; height: 60px; border-radius: 50%; box-shadow: 0 4px 18px rgb(0 0 0 / 28%); }
    .panel { position: fixed; inset: auto 20px 96px auto; width: min(420px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 116px)); border-radius: 16px; overflow: hidden; box-shadow: 0 8px 40px rgb(0 0 0 / 30%); flex-direction: column; display: flex; background: Canvas; }
    .panel[hidden] { display: none; }
    .bar { display: flex; justify-content: flex-end; background: Canvas; }
    .bar button { width: 44px; height: 36px; color: CanvasText; background: none; }
    .bar button:focus-visible { outline: 2px solid var(--brand); outline-offset: -4px; }
    iframe { flex: 1; width: 100%; border: 0; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.9; stroke-linecap: round; stroke-linejoin: round; }
    .bar svg { width: 20px; height: 20px; }
    @media (max-width: 640px), (max-height: 480px) {
      .panel { inset: 0; width: 100vw; height: 100dvh; border-radius: 0; }
      .panel:not([hidden]) ~ .bubble { display: none; }
    }`;

  const host = document.createElement("div"), root = host.attachShadow({ mode: "open" }), sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  root.adoptedStyleSheets = [sheet];  // unlike a style element, a site's Content-Security-Policy does not forbid it
  const bubble = button("bubble", words.open, "M4 5h16v11H10l-5 4v-4H4z"), shut = button("shut", words.close, "M6 6l12 12M18 6L6 18");
  const panel = document.createElement("section"), bar = document.createElement("div");
  panel.className = "panel";
  panel.id = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", words.title);
  bar.className = "bar";
  bar.append(shut);
  panel.append(bar);
  bubble.setAttribute("aria-expanded", "false");
  bubble.setAttribute("aria-controls", "panel");
  root.append(panel, bubble);
  let frame = null;

  function button(name, label, path) {
    const made = document.createElement("button"), space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg"), line = document.createElementNS(space, "path");
    made.type = "button";
    made.className = name;
    made.setAttribute("aria-label", label);
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    picture.append(line);
    made.append(picture);
    return made;
  }

  function show(open) {
    if (open && !frame) {  // not before it is wanted: until then the site has loaded this script and nothing else
      frame = document.createElement("iframe");
      frame.title = words.title;
      // Read only now, so that a site may renew it. Without one whoever was signed in here is signed out.
      frame.src = `${chat.href}?token=${encodeURIComponent(script.dataset.token ?? "")}`;
      panel.append(frame);
    }
    panel.hidden = !open;
    bubble.setAttribute("aria-expanded", String(open));
    bubble.setAttribute("aria-label", open ? words.close : words.open);
    if (open) frame.focus();
    else bubble.focus();
  }

  bubble.addEventListener("click", () => show(panel.hidden));
  shut.addEventListener("click", () => show(false));
  root.addEventListener("keydown", (event) => event.key === "Escape" && !panel.hidden && show(false));
  window.addEventListener("message", (event) => {  // Escape within the frame
    if (frame && event.source === frame.contentWindow && event.origin === chat.origin && event.data === "vouch:close") show(false);
  });
  window.vouchChat = { open: () => show(true), close: () => show(false) };
  const place = () => document.body.append(host);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
})();
