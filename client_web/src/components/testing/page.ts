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

export async function expectAccessible(root: Element = document.body): Promise<void> {
  const report = await axe.run(root, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
  });
  expect(report.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
}
