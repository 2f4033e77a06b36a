import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { cards, keepCard } from '../../link/cards';
import { loadCredential } from '../../link/credential';
import { identity } from '../../testing/fakes';
import Face from './Face.svelte';

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});

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

  it('offers the cards this phone holds, opens the one chosen, and forgets one after asking', async () => {
    history.replaceState(null, '', '/');
    const far = { ...identity, expires_at: Date.now() + 60_000 };
    keepCard({ credential: 'c1', identity: far, label: 'Ketua RW 07 · Pejuang', session: 'Pleno Bekasi' });
    keepCard({ credential: 'c2', identity: { ...far, pass: 'p2' }, label: 'Lurah · Jatiasih', session: 'Pleno Bekasi' });
    keepCard({ credential: 'c3', identity: { ...far, pass: 'p3', expires_at: 5 }, label: 'Lama', session: 'Pleno lama' });
    render(Face);
    expect(screen.queryByText('Lama')).toBeNull();
    const link = screen.getByRole('link', { name: /Ketua RW 07/ });
    link.addEventListener('click', (event) => event.preventDefault());
    await fireEvent.click(link);
    expect(link.getAttribute('href')).toBe('/participant');
    expect(loadCredential('participant')?.credential).toBe('c1');
    await expectAccessible();
    await fireEvent.click(screen.getByRole('button', { name: /Ketua RW 07 · Pejuang:\s*Lupakan kartu/ }));
    expect(cards()).toHaveLength(2);
    await fireEvent.click(screen.getByRole('button', { name: 'Lupakan kartu' }));
    expect(cards().map((one) => one.credential)).toEqual(['c2']);
    expect(loadCredential('participant')).toBeNull();
    expect(screen.queryByRole('link', { name: /Ketua RW 07/ })).toBeNull();
  });
});
