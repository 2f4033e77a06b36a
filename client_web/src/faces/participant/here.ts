/** Whether this seat has said on this phone that it is here: the phone's own view of a session does not list who is. */
export interface HereMark {
  read(): boolean;
  write(here: boolean): void;
}

export function hereMark(session: string, seat: string): HereMark {
  const name = `pleno.here.${session}.${seat}`;
  return {
    read: () => {
      try {
        return localStorage.getItem(name) === '1';
      } catch {
        return false;
      }
    },
    write: (here) => {
      try {
        if (here) localStorage.setItem(name, '1');
        else localStorage.removeItem(name);
      } catch {
        // asked again on the next visit; the server counts once
      }
    },
  };
}
