/** A page's heading with a booking number in it, which never breaks at its hyphens. */
import type { Say } from '../language.ts'

type Props = {
  text: 'bookingTitle' | 'payTitle' | 'lateTitle' | 'chargeTitle' | 'chargeShown' | 'planTitle'
  number: string
  t: Say
}

export const NumberHeading = ({ text, number, t }: Props) => {
  const [before = '', after = ''] = t(text, { number: '\n' }).split('\n')
  return (
    <h1>
      {before}
      <span class="nowrap">{number}</span>
      {after}
    </h1>
  )
}
