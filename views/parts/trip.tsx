/** Where and when a trip begins and ends. */
import { printedPhone } from '../../domain/payments.ts'
import type { Say } from '../language.ts'
import { Icon } from './icons.tsx'
import { Time } from './times.tsx'

type Stop = { name: string; at: Date; address?: string; phone?: string }
type Props = { pickup: Stop; return: Stop; t: Say; now: Date }

const StopLines = ({ stop, label, t, now }: { stop: Stop; label: string; t: Say; now: Date }) => (
  <>
    <dt>{label}</dt>
    <dd>
      <Time at={stop.at} language={t.language} now={now} class="stop-time" />
      <span class="stop-place">
        <Icon name="place" />
        {stop.name}
      </span>
      {stop.address && <span class="quiet">{stop.address}</span>}
      {stop.phone && (
        <a class="quiet-link" href={`tel:${stop.phone.replaceAll(/[^+\d]/g, '')}`}>
          {t('callUs', { phone: printedPhone(stop.phone) })}
        </a>
      )}
    </dd>
  </>
)

export const TripStops = (props: Props) => (
  <dl class="stops">
    <StopLines stop={props.pickup} label={props.t('pickUp')} t={props.t} now={props.now} />
    <StopLines stop={props.return} label={props.t('bringBack')} t={props.t} now={props.now} />
  </dl>
)
