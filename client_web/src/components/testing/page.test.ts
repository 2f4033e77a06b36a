import { describe, expect, it } from 'vitest';
import { expectAccessible } from './page';

describe('expectAccessible', () => {
  it('passes a page without faults', async () => {
    document.body.innerHTML = '<main><h1>Usulan</h1><button>Kirim</button><label>Nama <input></label></main>';
    await expectAccessible();
  });

  it.each([
    ['button-name', '<button></button>'],
    ['label', '<input>'],
    ['image-alt', '<img src="turap.jpg">'],
    ['link-name', '<a href="/p"></a>'],
    ['aria-valid-attr', '<p aria-labeledby="x">Usulan</p>'],
    ['aria-required-children', '<ul role="listbox"><li>Usulan</li></ul>'],
    ['nested-interactive', '<button>Kirim <a href="/p">usulan</a></button>'],
    ['list', '<ul><p>Usulan</p></ul>'],
    ['aria-dialog-name', '<div role="dialog"><p>Kirim usulan?</p></div>'],
  ])('finds a seeded fault: %s', async (rule, fault) => {
    document.body.innerHTML = `<main><h1>Usulan</h1>${fault}</main>`;
    for (const root of [document.body, document.querySelector('main')!]) {
      const failed = await expectAccessible(root).catch((error: { actual: string[] }) => error);
      expect(failed?.actual.map((found) => found.split(':')[0])).toContain(rule);
    }
  });
});
