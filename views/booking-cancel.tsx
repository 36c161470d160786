/** Cancelling: folded away, says what happens to the money before it is pressed. */
import { formatKes } from '../domain/money.ts'
import type { BookingPage, Viewer } from '../domain/pages.ts'
import type { Say } from './language.ts'
import { openPhones } from './money-back.ts'
import { control, Csrf, FieldFrame } from './parts/form.tsx'

type Props = { booking: BookingPage; action: string; viewer: Viewer; t: Say }

const cancelTexts = (booking: BookingPage, t: Say): string[] => {
  const phones = openPhones(booking)
  const open = phones.length > 0 ? [t('cancelTextOpen', { phone: phones.join(', ') })] : []
  if (booking.paid > 0) return [t('cancelText', { paid: formatKes(booking.paid) }), ...open]
  return open.length > 0 ? open : [t('cancelTextUnpaid')]
}

export const CancelForm = ({ booking, action, viewer, t }: Props) => {
  const frame = { path: 'note', label: t('cancelNote'), problems: [], optional: true, t }
  return (
    <details class="card fold cancel">
      <summary>{t('cancelHeading')}</summary>
      <form method="post" action={action}>
        <Csrf viewer={viewer} />
        {cancelTexts(booking, t).map((text) => (
          <p>{text}</p>
        ))}
        <FieldFrame {...frame}>
          <textarea {...control(frame)} rows={2} maxlength={300} />
        </FieldFrame>
        <button type="submit" class="button button-danger">
          {t('cancelButton', { number: booking.number })}
        </button>
      </form>
    </details>
  )
}
