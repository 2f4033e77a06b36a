/** The ballot somebody wants to object to, carried from Suara to the form under Bicara. */
let title = $state.raw<string | null>(null);

export const objection = {
  /** The title of that ballot. */
  get title(): string | null {
    return title;
  },
  begin: (of: string): void => void (title = of),
  end: (): void => void (title = null),
};
