/** What the preflight found, as rows and one verdict. */
import type { CaptureView, DeviceKind } from '../../media/capture';
import type { Level } from '../../media/level';
import type { Path } from '../../media/path';
import type { Reach } from '../../media/reach';
import { language } from '../../text';
import { h } from './text';

export type Tone = 'ok' | 'warn' | 'bad' | 'off';

export interface Finding {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

export interface Power {
  readonly charging: boolean;
  /** 0–1. */
  readonly level: number;
}

export type Heard = 'untried' | 'asked' | 'yes' | 'no';

/** Picture in full and sound. */
const ENOUGH_BPS = 2e6;

/** 390,000 → "0,4"; what is more than anybody needs is not told to the digit. */
function mbps(bps: number): string {
  if (bps > 20e6) return h('reach.over', { mbps: 20 });
  const text = bps % 1e6 === 0 ? String(bps / 1e6) : Math.max(0.1, bps / 1e6).toFixed(1);
  return language() === 'en' ? text : text.replace('.', ',');
}

const WAIT = (): Finding => ({ tone: 'off', word: h('check.wait'), text: h('pre.asking') });
const FIX = (text: string, tone: Tone = 'warn'): Finding => ({ tone, word: h('check.fix'), text });

function trouble(view: CaptureView, kind: DeviceKind): Finding | null {
  const code = view.troubles[kind];
  if (code === undefined) return null;
  const text = code === 'missing' ? h(`trouble.missing.${kind}`) : h(`trouble.${code}`);
  return FIX(text, kind === 'mic' ? 'bad' : 'warn');
}

export function cameraFinding(view: CaptureView): Finding {
  const wrong = trouble(view, 'camera');
  if (wrong !== null) return wrong;
  return view.camera === null ? WAIT() : { tone: 'ok', word: h('check.ok'), text: h('camera.ok') };
}

export function micFinding(view: CaptureView, level: Level | null): Finding {
  const wrong = trouble(view, 'mic');
  if (wrong !== null) return wrong;
  if (view.mic === null) return WAIT();
  const word = level?.word ?? 'silent';
  return word === 'right' ? { tone: 'ok', word: h('check.ok'), text: h('mic.right') } : FIX(h(`mic.${word}`));
}

export function speakerFinding(heard: Heard): Finding {
  if (heard === 'yes') return { tone: 'ok', word: h('check.ok'), text: h('speaker.ok') };
  if (heard === 'no') return FIX(h('speaker.no'));
  return { tone: 'off', word: h(heard === 'asked' ? 'check.asked' : 'check.untried'), text: h(heard === 'asked' ? 'speaker.ask' : 'speaker.try') };
}

/** `path`: the way pictures take, 'none' when none was found, null when that is not known. */
export function reachFinding(reach: Reach | null, path: Path | 'none' | null = null): Finding {
  if (reach === null) return { tone: 'off', word: h('check.wait'), text: '…' };
  const { upBps } = reach;
  const carried = upBps === null ? '' : h(upBps < ENOUGH_BPS ? 'reach.up.little' : 'reach.up', { mbps: mbps(upBps), enough: mbps(ENOUGH_BPS) });
  const answer = [h(`reach.${reach.word}`, { ms: reach.rttMs ?? 0, lost: reach.lost, tries: reach.tries }), carried].filter(Boolean).join(' ');
  if (path === 'none' && reach.word !== 'cut') return { tone: 'bad', word: h('reach.word.blocked'), text: `${h('reach.blocked')} ${answer}` };
  const text = path !== 'none' && path?.relayed ? `${answer} ${h('reach.relay', { over: path.over.toUpperCase() })}` : answer;
  const tone = reach.word === 'weak' ? 'warn' : reach.word === 'cut' ? 'bad' : 'ok';
  return { tone, word: h(`reach.word.${reach.word}`), text };
}

export function powerFinding(power: Power): Finding {
  if (power.charging) return { tone: 'ok', word: h('check.ok'), text: h('power.ok') };
  return { tone: 'warn', word: h('power.word'), text: h('power.battery', { n: Math.round(power.level * 100) }) };
}

export interface Verdict {
  readonly tone: 'ok' | 'warn' | 'bad' | 'off';
  readonly title: string;
  readonly detail: string;
}

export interface Findings {
  readonly mic: Finding;
  readonly net: Finding;
  /** Camera, loudspeaker, power: never a reason to stay outside. */
  readonly others: readonly Finding[];
}

/** One sentence over all: it names what is worst, nothing may sound worse than it is, and one may always enter. */
export function verdict({ mic, net, others }: Findings, checking: boolean): Verdict {
  if (checking) return { tone: 'off', title: h('verdict.wait'), detail: h('verdict.wait.detail') };
  if (net.tone === 'bad') return { tone: 'bad', title: h('verdict.cut'), detail: h('verdict.cut.detail') };
  if (mic.tone === 'bad') return { tone: 'bad', title: h('verdict.bad'), detail: h('verdict.bad.detail') };
  const n = [mic, net, ...others].filter((finding) => finding.tone === 'warn' || finding.tone === 'bad').length;
  if (n > 0) return { tone: 'warn', title: h('verdict.warn', { n }), detail: h('verdict.warn.detail') };
  return { tone: 'ok', title: h('verdict.ok'), detail: h('verdict.ok.detail') };
}
