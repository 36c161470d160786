/** A car as a picture with words, and the four facts people choose by. */
import type { BodyType, Colour } from '../../domain/fleet.ts'
import type { CategoryResult } from '../../domain/pages.ts'
import { addressOf } from '../files.ts'
import type { Say } from '../language.ts'
import { Icon } from './icons.tsx'

export const vehiclePicturePath = (body: BodyType, colour: Colour): string =>
  addressOf(`vehicles/${body}-${colour}.svg`)

type PictureProps = {
  body: BodyType
  colour: Colour
  name: string
  t: Say
  class?: string
  lazy?: boolean
}

export const VehiclePicture = ({ body, colour, name, t, class: more, lazy }: PictureProps) => (
  <div class={`picture ${more ?? ''}`.trim()}>
    <img
      src={vehiclePicturePath(body, colour)}
      alt={t('pictureOf', { name, colour: t(`colour_${colour}`) })}
      width={320}
      height={150}
      loading={lazy ? 'lazy' : undefined}
    />
  </div>
)

type Facts = Pick<CategoryResult, 'seats' | 'luggage' | 'transmission' | 'fuel'>

export const VehicleFacts = ({ facts, t }: { facts: Facts; t: Say }) => (
  <ul class="facts">
    <li>
      <Icon name="seats" />
      {t('seats', { n: facts.seats })}
    </li>
    <li>
      <Icon name="luggage" />
      {t('bags', { n: facts.luggage })}
    </li>
    <li>
      <Icon name="gears" />
      {t(facts.transmission)}
    </li>
    <li>
      <Icon name="fuel" />
      {t(facts.fuel)}
    </li>
  </ul>
)
