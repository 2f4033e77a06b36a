"""A person without a mouse: finds things by Tab, sees where the focus is, has the text twice as large if need be."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.e2e.steps import until

FARTHEST = 150  # presses of Tab after which a person has given up
LARGE_PX = {"standard": 32, "fixed": 26}  # 200 % of what browsers begin with

# What is wrong with how the focused element is shown, as words; "" when nothing is. A hidden radio button or checkbox
# is shown by its label.
UNSEEN = """async (wanted) => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  if (document.activeElement !== wanted) return 'it lost the focus';
  const shown = [wanted, ...(wanted.labels ?? [])];
  const ringed = shown.find((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return one.offsetWidth > 4 && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  if (!ringed) return 'nothing shows that it has the focus';
  const box = ringed.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  if (right - left < 4 || bottom - top < 4) return 'it is outside the window';
  const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!hit || !(shown.some((one) => one.contains(hit)) || (hit.contains(ringed) && hit !== document.body)))
    return `it lies under <${hit?.tagName.toLowerCase()} class="${hit?.className}">`;
  return '';
}"""

# Texts that are cut off or stand outside the window's width, as words. What scrolls is not cut off.
CUT = """() => {
  const wrong = new Set();
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth + 1) wrong.add(`the page is wider (${root.scrollWidth} px) than the window`);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const owner = text.parentElement;
    if (!text.data.trim() || owner.closest('.sr, .skip, [aria-hidden="true"], option, script, style, svg')) continue;
    if (!owner.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const line of range.getClientRects()) {
      if (line.width === 0) continue;
      for (let box = owner; box && box !== root; box = box.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        const button = box.matches('button, a.btn');
        const aside = line.right > edge.right + 2 || line.left < edge.left - 2;
        const beyond = line.bottom > edge.bottom + 3 || line.top < edge.top - 3;
        const [ends, stops] = [overflowX, overflowY].map((one) => button || ['hidden', 'clip'].includes(one));
        if ((aside && ends) || (beyond && stops))
          wrong.add(`"${text.data.trim()}" is cut off by <${box.tagName.toLowerCase()} class="${box.className}">`);
        if ([overflowX, overflowY].some((one) => ['auto', 'scroll'].includes(one)) || position === 'fixed') break;
      }
    }
  }
  return [...wrong];
}"""


def enlarge(page: Page) -> None:
    """Text at 200 %, as a person sets it in the browser; what was open is laid out anew."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": LARGE_PX})
    until(page, "getComputedStyle(document.documentElement).fontSize === '32px'")


def cut_off(page: Page) -> list[str]:
    return list(page.evaluate(CUT))


def reach(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until it has the focus, which must be plain to see. back: towards the beginning."""
    wanted.wait_for(state="attached")
    handle = wanted.element_handle()
    for _ in range(FARTHEST):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if handle.evaluate("(wanted) => wanted === document.activeElement"):
            break
    else:
        raise AssertionError(f"{wanted} is not reached by {FARTHEST} presses of Tab")
    wrong = handle.evaluate(UNSEEN)
    assert not wrong, f"{wanted}: {wrong}"


def press(page: Page, wanted: Locator, key: str = "Enter", *, back: bool = False) -> None:
    """Reach it and press a key."""
    reach(page, wanted, back=back)
    page.keyboard.press(key)
