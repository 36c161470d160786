/** Who changed what of this booking, for who may read the audit. */
import type { BookingChange } from '../../domain/booking-changes.ts'
import { deedText, plainChanges, whenceText, whoText } from '../../domain/booking-changes.ts'
import { Time } from './times.tsx'

type Props = { changes: BookingChange[]; number: string; most: number; now: Date }

const One = ({ entry, now }: { entry: BookingChange; now: Date }) => {
  const changes = plainChanges(entry)
  const whence = whenceText(entry.origin)
  return (
    <li>
      <p class="timeline-what">{deedText(entry.action)}</p>
      <p class="timeline-when">
        <Time at={entry.at} now={now} />
        {`, ${whoText(entry)}${whence ? `, ${whence}` : ''}`}
      </p>
      {changes.length > 0 && (
        <p class="quiet typed">
          {changes
            .map(({ field, was, is }) =>
              entry.before ? `${field}: ${was} → ${is}` : `${field}: ${is}`,
            )
            .join('; ')}
        </p>
      )}
      {entry.why && <p class="quiet typed">{`“${entry.why}”`}</p>}
    </li>
  )
}

export const BookingChanges = ({ changes, number, most, now }: Props) => (
  <section class="card" aria-labelledby="changes">
    <h2 id="changes">Who changed what</h2>
    {changes.length === 0 ? (
      <p class="quiet">Nothing yet.</p>
    ) : (
      <ol class="timeline">
        {changes.slice(0, most).map((entry) => (
          <One entry={entry} now={now} />
        ))}
      </ol>
    )}
    <p class="page-links">
      <a href={`/admin/audit?about=${encodeURIComponent(number)}`}>
        {changes.length > most ? 'All of it, in the audit' : 'The same in the audit'}
      </a>
    </p>
  </section>
)
