import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import Face from './Face.svelte';

afterEach(cleanup);

describe('chooser', () => {
  it('leads to all six faces, and says so when a path was wrong', async () => {
    history.replaceState(null, '', '/apa');
    render(Face);
    const links = screen.getAllByRole('link').map((one) => one.getAttribute('href'));
    expect(links.slice(0, 6)).toEqual(['/participant', '/hall', '/moderator', '/screen', '/public', '/admin']);
    expect(screen.getByRole('status').textContent).toContain('"/apa" tidak ada');
    await expectAccessible();
  });

  it('only welcomes at the root', () => {
    history.replaceState(null, '', '/');
    render(Face);
    expect(screen.queryByRole('status')).toBeNull();
  });
});
