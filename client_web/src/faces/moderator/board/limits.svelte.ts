/** Acts that the funnel may refuse: the figures are shown, and the same act may be given again with a reason to go beyond them. */
import { Act } from '../act.svelte';

const LIMITS: ReadonlySet<string> = new Set(['over_quota', 'over_ceiling', 'share_broken']);

/** A limit the act would break. `hall` null = the whole session; `what`: main, reserve, next_level, ceiling, or a share's name. */
export interface Broken {
  code: string;
  hall: string | null;
  what: string;
  limit: number;
  actual: number;
  proposals: string[];
}

interface Beyond {
  name: string;
  data: Record<string, unknown>;
  broken: Broken[];
  settle: (result: Record<string, unknown> | null) => void;
}

const brokenOf = (code: string, data: Record<string, unknown>): Broken[] => {
  const all = data['findings'];
  return Array.isArray(all) && all.length > 0 ? (all as Broken[]) : [{ ...(data as unknown as Broken), code }];
};

export class LimitAct extends Act {
  /** What stands against the last act; it is decided by `override` or `giveUp`. */
  beyond = $state.raw<Beyond | null>(null);

  /** As Act.run; over a limit it waits until the person has given a reason or has let it be (then null, without a refusal). */
  override async run(name: string, data: Record<string, unknown> = {}, tag: string = name): Promise<Record<string, unknown> | null> {
    if (this.beyond) return null;
    const done = await super.run(name, data, tag);
    const refusal = this.refusal;
    if (done || !refusal || !LIMITS.has(refusal.code)) return done;
    this.clear();
    return new Promise((settle) => {
      this.beyond = { name, data, broken: brokenOf(refusal.code, refusal.data), settle };
    });
  }

  /** Gives the act again with this reason. A refusal for another cause ends the wait and is shown. */
  async exceed(reason: string): Promise<void> {
    const beyond = this.beyond;
    if (!beyond) return;
    const done = await super.run(beyond.name, { ...beyond.data, override: reason });
    this.beyond = null;
    beyond.settle(done);
  }

  giveUp(): void {
    const beyond = this.beyond;
    this.beyond = null;
    beyond?.settle(null);
  }
}
