import { describe, expect, it } from 'vitest';
import { iconNames, trimIcons } from './icons.build.ts';
import { keepSlim, restOfCss, trimCss } from './phone.build.ts';

describe('the phone bundle', () => {
  it('keeps the rules whose classes its sources name, and all that name no class', () => {
    const css = ':root{--a:1}.card{x:1}.tile{x:2}.card .tile{x:3}.card,.tile{x:4}@media print{.tile{x:5}}@font-face{src:url(a)}';
    const kept = trimCss(css, new Set(['card']));
    expect(kept).toBe(':root{--a:1}.card{x:1}.card{x:4}');
  });

  it('leaves the dark theme out, and to the second sheet only what the first does not have', () => {
    const css = '/* x */.card{x:1}[data-theme="dark"] .card{x:2}.sheet .card{x:3}@keyframes a{to{x:4}}@media print{.sheet{x:5}.card{x:6}}';
    const whole = trimCss(css, new Set(['card', 'sheet']));
    expect(trimCss(whole, new Set(['card']))).toBe('.card{x:1}@keyframes a{to{x:4}}@media print{.card{x:6}}');
    expect(restOfCss(whole, new Set(['card']))).toBe('.sheet .card{x:3}@media print{.sheet{x:5}}');
  });

  it('keeps the icons its sources name', () => {
    const source = "export const OUTLINES = {\n  'arrow-up': 'M1',\n  bell:\n    'M2',\n  check: 'M3',\n} as const;\n";
    const known = iconNames([`<Icon name="check" />`, `const up = { icon: 'arrow-up' };`]);
    expect(trimIcons(source, known)).toBe("export const OUTLINES = {\n  'arrow-up': 'M1',\n  check: 'M3',\n} as const;\n");
  });

  it('is refused when it holds what phones do not need, or grows too heavy', () => {
    expect(() => keepSlim(['/x/src/faces/participant/Face.svelte', '/x/src/link/link.ts'], ['a'])).not.toThrow();
    expect(() => keepSlim(['/x/src/media/publisher.ts'], ['a'])).toThrow('not for phones');
    expect(() => keepSlim(['/x/src/faces/moderator/Face.svelte'], ['a'])).toThrow('not for phones');
    const noise = Array.from({ length: 90_000 }, () => Math.random().toString(36)[2]).join('');
    expect(() => keepSlim([], [noise])).toThrow('more than');
  });
});
