/** Cancelling: folded away, says what happens to the money before it is pressed. */
import { formatKes } from '../domain/money.ts'
import type { BookingPage, Viewer } from '../domain/pages.ts'
import type { Say } from './language.ts'
import { control, Csrf, FieldFrame } from './parts/form.tsx'

type Props = { booking: BookingPage; action: string; viewer: Viewer; t: Say }

export const CancelForm = ({ booking, action, viewer, t }: Props) => {
  const frame = { path: 'note', label: t('cancelNote'), problems: [], optional: true, t }
  return (
    <details class="card fold cancel">
      <summary>{t('cancelHeading')}</summary>
      <form method="post" action={action}>
        <Csrf viewer={viewer} />
        <p>
          {booking.paid > 0
            ? t('cancelText', { paid: formatKes(booking.paid) })
            : t('cancelTextUnpaid')}
        </p>
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
