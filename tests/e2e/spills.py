"""Text nobody can read where it stands: cut off, wider than its box, beyond the window, a number over two lines."""

from __future__ import annotations

from playwright.sync_api import Page

MEANT = ".columns, .asteps, [tabindex]"  # the board's columns, the steps on a telephone, tables: they scroll by intent
# One line a fault, for the box nearest to the text: "what: where (the text)".
SPILLS = """(meant) => {
  const edge = document.documentElement.clientWidth;
  const root = document.elementFromPoint(edge / 2, innerHeight / 2)?.closest('dialog') ?? document.body;
  const name = (one) => one.tagName.toLowerCase() + [...one.classList].map((word) => '.' + word).join('');
  const range = document.createRange();
  const faultOf = (text, holder) => {
    for (let one = holder; one; one = one === root ? null : one.parentElement) {
      const style = getComputedStyle(one);
      if (style.display === 'inline' || style.display === 'contents') continue;
      const box = one.getBoundingClientRect();
      const forReaders = box.width <= 2 || box.height <= 2 || style.clipPath !== 'none';
      if (forReaders || style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return null;
      const wide = one.scrollWidth > one.clientWidth + 1;
      if (wide && /auto|scroll/.test(style.overflowX)) return one.matches(meant) ? null : ['scrolls sideways', one];
      const over = Math.max(box.left - text.left, text.right - box.right);
      const how = /hidden|clip/.test(style.overflowX) ? 'cut off' : 'wider than its box';
      if (over > 1) return [`${how} by ${over} px`, one];
    }
    return text.left < -1 || text.right > edge + 1 ? ['beyond the window', holder] : null;
  };
  const found = new Set();
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest('svg, option, script, style, noscript')) continue;
    if (!holder.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (/^[\\d.,]+$/.test(node.data.trim()) && range.getClientRects().length > 1)
      found.add(`broken over lines: ${name(holder)} (${node.data.trim()})`);
    const fault = text.width > 0 ? faultOf(text, holder) : null;
    if (fault) found.add(`${fault[0]}: ${name(fault[1])} (${node.data.trim().slice(0, 60)})`);
  }
  if (document.documentElement.scrollWidth > edge + 1) found.add('scrolls sideways: the page');
  return [...found];
}"""


def spills(page: Page) -> list[str]:
    """What is wrong with the page as it is, one line a place; empty when every text can be read."""
    found: list[str] = page.evaluate(SPILLS, MEANT)
    return found
