/** What the browser has and jsdom lacks, and a check of a page by axe without the rules that need a layout. */
import axe from 'axe-core';
import { expect } from 'vitest';

/** The modal <dialog>, as far as tests see it: open and close. Focus and inertness are the browser's and tested there. */
export function dialogs(): void {
  HTMLDialogElement.prototype.showModal = function () {
    this.setAttribute('open', '');
  };
  HTMLDialogElement.prototype.close = function () {
    this.removeAttribute('open');
  };
}

const off = { enabled: false };
/** Contrast needs a layout; the last two are rules for a whole page, and tests show parts of one. */
const rules = { 'color-contrast': off, region: off, 'page-has-heading-one': off };

/** Only violations are described, and no style sheet is fetched: a third less time a page. */
export async function expectAccessible(root: Element = document.body): Promise<void> {
  const report = await axe.run(root, { rules, resultTypes: ['violations'], preload: false });
  expect(report.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
