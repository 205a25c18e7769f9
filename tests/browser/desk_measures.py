"""What is measured in a page of the desk besides what is measured in every page (test_measures.py): names, keyboard."""

from __future__ import annotations

from playwright.sync_api import Page

# Names are compared as somebody says them: without case and without what nobody speaks.
_ALL = "a[href], button, input:not([type=hidden]), select, textarea, summary"
_CONTROLS = f"""
  const words = (node) => node.textContent.replace(/\\s+/g, ' ').trim();
  const shown = (one) => one.checkVisibility({{visibilityProperty: true}}) && !one.closest('[aria-hidden=true]');
  const controls = [...document.querySelectorAll('{_ALL}')].filter(shown);
  const nameOf = (one) => one.labels?.length ? [...one.labels].map(words).join(' ') : words(one);
"""

NAMES = f"""() => {{ {_CONTROLS} return controls.map(nameOf); }}"""

BADLY_NAMED = f"""() => {{ {_CONTROLS}
  const faults = [];
  const named = new Map();
  for (const one of controls) {{
    const name = nameOf(one).toLowerCase();
    if (one.labels && one.matches('input, select, textarea') && one.labels.length !== 1)
      faults.push(`${{one.labels.length}} labels: ${{one.name}}`);
    if (!name) faults.push(`no name: ${{one.outerHTML.slice(0, 80)}}`);
    for (const other of ['aria-label', 'aria-labelledby', 'title'])
      if (one.hasAttribute(other)) faults.push(`“${{name}}” has another name in ${{other}}`);
    const what = one.href ?? one;
    if (named.has(name) && named.get(name) !== what)
      faults.push(`“${{name}}” is the name of two: ${{one.outerHTML.slice(0, 80)}}`);
    named.set(name, what);
  }}
  return faults;
}}"""

# A flexible box drops the white space between its words and an element inside it: “fromKim”.
GLUED = f"""() => {{ {_CONTROLS}
  const isFlexible = (one) => {{
    const look = getComputedStyle(one);
    return look.display.includes('flex') && look.columnGap === 'normal';
  }};
  const isGlued = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim()
    && ((/\\s$/.test(node.data) && node.nextElementSibling) || (/^\\s/.test(node.data) && node.previousElementSibling));
  return controls.filter((one) => isFlexible(one) && [...one.childNodes].some(isGlued)).map(words);
}}"""

# Every control that the keyboard should reach, in the order of the page; each press of Tab looks at the one it leaves.
_WATCH = """(all) => {
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && !one.closest('[inert]');
  const isStop = (one) => one.tabIndex >= 0 && shown(one) && !one.disabled
    && !(one.type === 'radio' && !one.checked
      && document.querySelector(`input[name="${CSS.escape(one.name)}"]:checked`));
  window.stops = [...document.querySelectorAll(all)].filter(isStop);
  window.seen = [];
  const call = (one) => (one.labels?.[0] ?? one).textContent.replace(/\\s+/g, ' ').trim().slice(0, 50) || one.tagName;
  const faultOf = (one) => {
    let outlined = one;
    while (outlined && getComputedStyle(outlined).outlineStyle === 'none') outlined = outlined.parentElement;
    if (!outlined || parseFloat(getComputedStyle(outlined).outlineWidth) < 2) return 'has no ring';
    const box = one.getClientRects()[0];
    const [across, down] = [box.left + Math.min(box.width / 2, 40), Math.max(box.top, 0) + 4];
    if (box.top < -1 && box.height < innerHeight) return 'is above the window';
    const top = document.elementFromPoint(across, down);
    const belongs = top
      && (one.contains(top) || top.contains(one) || [...(one.labels ?? [])].some((label) => label.contains(top)));
    return belongs ? '' : `is hidden by ${top?.tagName}.${top?.className}`;
  };
  window.addEventListener('keydown', ({key}) => {
    if (key !== 'Tab') return;
    const here = document.activeElement;
    const place = window.stops.indexOf(here);
    if (place >= 0) window.seen.push([place, faultOf(here) && `${call(here)} ${faultOf(here)}`]);
  }, true);
  return window.stops.length;
}"""
_STICKS = "[...document.querySelectorAll('main *')].some((one) => getComputedStyle(one).position === 'sticky')"
_TAB = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
KEYS: dict[str, dict[str, object]] = {"Tab": _TAB, "Shift+Tab": {**_TAB, "modifiers": 8}}
_FROM = """(where) => {
  window.seen = [];
  if (where === 'end') {
    const last = document.body.appendChild(document.createElement('span'));
    last.tabIndex = -1;
    last.style.outline = 'none';
    last.focus();
    last.remove();
  } else {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  }
}"""


def faults_of_the_keyboard(page: Page, *, and_back: bool = True) -> list[str]:
    """What goes wrong on the way through a page with Tab and, where something sticks, back with Shift and Tab."""
    count = page.evaluate(_WATCH, _ALL)
    faults = _walked(page, "Tab", "start", list(range(count)))
    if and_back and page.evaluate(_STICKS):
        faults += _walked(page, "Shift+Tab", "end", list(reversed(range(count))))
    return faults


def _walked(page: Page, key: str, start: str, wanted: list[int]) -> list[str]:
    page.evaluate(_FROM, start)
    session = page.context.new_cdp_session(page)
    for _ in range(len(wanted) + 1):  # a key that goes down moves the focus: nobody has to wait for it to come up
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **KEYS[key]})
    session.detach()
    seen: list[tuple[int, str]] = page.evaluate("window.seen")
    faults = [f"{key}: {fault}" for _, fault in seen if fault]
    order = [place for place, _ in seen][: len(wanted)]
    if order != wanted:
        missed = page.evaluate("(places) => places.map((place) => window.stops[place].outerHTML.slice(0, 80))",
                               [place for place in wanted if place not in order][:3])  # fmt: skip
        faults.append(f"{key} goes another way: {len(order)} of {len(wanted)} controls; missed: {missed}")
    return faults
