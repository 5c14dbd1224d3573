// Moments and durations for people. Moments are milliseconds since 1970.

const absolute = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
const absoluteWithSeconds = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });

export const dateText = (ms: number) => absolute.format(ms);
export const dateTextWithSeconds = (ms: number) => absoluteWithSeconds.format(ms);
export const clockText = (ms: number) => clock.format(ms);
export const secondsText = (ms: number) => seconds.format(ms);
export const dayText = (ms: number) => day.format(ms);
export const monthText = (ms: number) => month.format(ms);

const UNITS: [secs: number, one: string, many: string][] = [
  [31_536_000, "year", "years"],
  [86_400, "day", "days"],
  [3_600, "hour", "hours"],
  [60, "minute", "minutes"],
  [1, "second", "seconds"],
];

const inUnit = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** A duration in its two largest units: `1 day 4 hours`, `45 seconds`. */
export function durationText(secs: number): string {
  const whole = Math.max(0, Math.round(secs));
  for (let index = 0; index < UNITS.length; index++) {
    const unit = UNITS[index];
    if (!unit || whole < unit[0]) continue;
    const first = Math.floor(whole / unit[0]);
    const next = UNITS[index + 1];
    const second = next ? Math.floor((whole % unit[0]) / next[0]) : 0;
    const text = inUnit(first, unit[1], unit[2]);
    return next && second > 0 && first < 10 ? `${text} ${inUnit(second, next[1], next[2])}` : text;
  }
  return "0 seconds";
}

/** A duration in its largest unit alone. */
function roughText(secs: number): string {
  for (const [unit, one, many] of UNITS) if (secs >= unit) return inUnit(Math.floor(secs / unit), one, many);
  return "0 seconds";
}

/** A moment as seen from now: `in 2 minutes`, `3 days ago`, `just now`. */
export function relativeText(ms: number, now: number): string {
  const secs = Math.round((ms - now) / 1000);
  if (Math.abs(secs) < 2) return "just now";
  return secs > 0 ? `in ${roughText(secs)}` : `${roughText(-secs)} ago`;
}
