// Figures as people read them. Seconds and epoch milliseconds in, text out.

const MINUS = '\u2212'
const two = number => String(number).padStart(2, '0')

function digits(seconds) {
  const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** The whole second that a countdown shows: 0 exactly at the deadline, -1 a full second after it. */
export const shownSecond = seconds => Math.ceil(seconds - 1e-6)

/** A countdown: "6:32", "1:02:03"; below zero it is overtime, "+1:08". */
export function clockText(seconds) {
  const shown = shownSecond(seconds)
  return shown < 0 ? `+${digits(-shown)}` : digits(Math.max(0, shown))
}

/** A length: "2:30", "1:02:03"; never signed. */
export const lengthText = seconds => digits(Math.max(0, Math.floor(seconds)))

/** A difference: "+4:00", "−1:30", "0:00". */
export function signedText(seconds) {
  const whole = Math.trunc(seconds)
  return `${whole > 0 ? '+' : whole < 0 ? MINUS : ''}${digits(Math.abs(whole))}`
}

/** A round length in minutes for running text: "10 min", "5:30 min", "45 s". */
export function minutesText(seconds) {
  if (seconds < 60) return `${seconds} s`
  return seconds % 60 ? `${digits(seconds)} min` : `${seconds / 60} min`
}

const formats = new Map()
function format(locale, zone, options) {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat(locale, {...options, timeZone: zone}))
    } catch {
      // a zone that this browser does not know: its own is better than none
      formats.set(key, new Intl.DateTimeFormat(locale, options))
    }
  }
  return formats.get(key)
}

/** "08:50" in the webinar's IANA zone. */
export const timeOfDay = (ms, zone) => format('en-GB', zone, {hour: '2-digit', minute: '2-digit', hourCycle: 'h23'}).format(ms)

/** "08:50:07" in the webinar's IANA zone. */
export const timeOfDayWithSeconds = (ms, zone) =>
  format('en-GB', zone, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'}).format(ms)

/** "Tuesday, 7 July 2020" in the page's language and the webinar's zone. */
export const dateText = (ms, zone, lang = document.documentElement.lang || 'en') =>
  format(lang === 'en' ? 'en-GB' : lang, zone, {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'}).format(ms)

/** The zone's short name at that instant, "CEST"; "" when the browser knows none. */
export function zoneText(ms, zone) {
  const parts = format('en-GB', zone, {hour: '2-digit', timeZoneName: 'short'}).formatToParts(ms)
  return parts.find(part => part.type === 'timeZoneName')?.value ?? ''
}

/** Code points, the way the server counts a question's length. */
export const length = text => [...text].length
