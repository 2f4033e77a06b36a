/** Numbers, money, dates and durations as people here write them. */
import { language } from './language';

const DAYS = {
  id: ['Minggu', 'Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const;
const MONTHS = {
  id: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const;
const OFFSET_HOURS = { WIB: 7, WITA: 8, WIT: 9 } as const;

export type Zone = keyof typeof OFFSET_HOURS;

const grouped = (whole: number, mark: string): string => String(whole).replace(/\B(?=(\d{3})+$)/g, mark);

/** 1451 → "1.451" (English: "1,451"). */
export function count(value: number): string {
  const whole = Math.round(value);
  return (whole < 0 ? '−' : '') + grouped(Math.abs(whole), language() === 'en' ? ',' : '.');
}

/** Whole rupiah → "Rp1.250.000.000". */
export const rupiah = (amount: number): string => (amount < 0 ? '−' : '') + 'Rp' + count(Math.abs(amount));

/** "2024-02-26" → "Senin, 26 Februari 2024". */
export function date(iso: string): string {
  const [year, month, day] = iso.split('-').map(Number);
  if (!year || !month || !day) return iso;
  const tongue = language();
  const weekday = DAYS[tongue][new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return `${weekday}, ${day} ${MONTHS[tongue][month - 1]} ${year}`;
}

/** A moment (ms) as the wall clock of a zone: "10.42 WIB". */
export function clockTime(ms: number, zone: Zone = 'WIB'): string {
  const local = new Date(ms + OFFSET_HOURS[zone] * 3_600_000);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(local.getUTCHours())}${language() === 'en' ? ':' : '.'}${two(local.getUTCMinutes())} ${zone}`;
}

/** A moment (ms) with its day in a zone: "Selasa, 23 Januari 2018, 10.42 WIB". */
export function dayAndTime(ms: number, zone: Zone = 'WIB'): string {
  const day = new Date(ms + OFFSET_HOURS[zone] * 3_600_000).toISOString().slice(0, 10);
  return `${date(day)}, ${clockTime(ms, zone)}`;
}

/** The zone this device is set to; WIB where it is none of the three. */
export function zoneHere(offsetMinutes: number = -new Date().getTimezoneOffset()): Zone {
  const zones = Object.keys(OFFSET_HOURS) as Zone[];
  return zones.find((zone) => OFFSET_HOURS[zone] * 60 === offsetMinutes) ?? 'WIB';
}

/** A span in ms as "01:24", "1:02:03" above an hour; never below zero. Part of a second counts as a whole one. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const rest = `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
