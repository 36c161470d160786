/** Photographs of a car's condition: at pick-up and return, and of damage. Evidence for whoever drove as much as for the house. */

/** What a photograph belongs to. */
export type ConditionPhotoOf = 'rental' | 'damage'

export const CONDITION_MOMENTS = ['pickup', 'return', 'report', 'repair'] as const
/** When it was taken, as far as the car's story goes. */
export type ConditionMoment = (typeof CONDITION_MOMENTS)[number]

export const CONDITION_PHOTO_LIMITS = {
  /** Of one rental or one report: all sides twice, inside, dashboard, and each mark. */
  each: 40,
  noteLength: 200,
} as const

export type ConditionPhoto = {
  id: string
  of: ConditionPhotoOf
  ownerId: string
  moment: ConditionMoment
  note: string | null
  takenAt: Date
  width: number
  height: number
  /** False once its time is over or its customer was erased. */
  hasPicture: boolean
}
