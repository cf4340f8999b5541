// @ts-check
// The server writes exact times, because its pages are cached. Here the recent ones become "two hours ago";
// the exact one stays as the title.

export const lang = document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const minute = 60, hour = 60 * minute, day = 24 * hour, week = 7 * day;

/** @param {number} seconds */
function ago(seconds) {
  if (seconds < minute) return relative.format(0, "second");
  if (seconds < hour) return relative.format(-Math.floor(seconds / minute), "minute");
  if (seconds < day) return relative.format(-Math.floor(seconds / hour), "hour");
  return relative.format(-Math.floor(seconds / day), "day");
}

export function showTimes() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    if (!(time instanceof HTMLTimeElement)) continue;
    time.title ||= time.textContent ?? "";
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    time.textContent = seconds < week ? ago(seconds) : time.title;
  }
}

showTimes();
setInterval(showTimes, minute * 1000);
