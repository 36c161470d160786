/** The booking as an iCalendar file (RFC 5545): one event, plain text, lines ended by CRLF. */
import type { BookingPage } from '../domain/pages.ts'

const stamp = (at: Date): string => at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
const escape = (text: string): string =>
  text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r?\n/g, '\\n')

const LINE_BYTES = 74
/** Lines over 75 octets are folded; every later piece starts with a space. */
const fold = (line: string): string => {
  const pieces: string[] = []
  let piece = ''
  for (const sign of line) {
    if (Buffer.byteLength(piece + sign) > LINE_BYTES) {
      pieces.push(piece)
      piece = ''
    }
    piece += sign
  }
  return [...pieces, piece].join('\r\n ')
}

export const calendarFile = (publicUrl: string, page: BookingPage): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//gari//bookings//EN',
    'BEGIN:VEVENT',
    `UID:${page.id}@gari`,
    `DTSTAMP:${stamp(page.now)}`,
    `DTSTART:${stamp(page.pickup.at)}`,
    `DTEND:${stamp(page.return.at)}`,
    `SUMMARY:${escape(`${page.vehicle.make} ${page.vehicle.model}, ${page.number}`)}`,
    `LOCATION:${escape(`${page.pickup.name}, ${page.pickup.address}`)}`,
    `URL:${publicUrl}/bookings/${page.id}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
    .map(fold)
    .join('\r\n')
