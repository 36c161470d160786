/** The rooms of those who look after accounts. */
import type { Viewer } from '../../domain/pages.ts'
import { PEOPLE_ROOMS, RoomNav } from './rooms.tsx'

export type PeopleRoom = (typeof PEOPLE_ROOMS)[number]['path']

export const PeopleNav = ({ viewer, here }: { viewer: Viewer; here: PeopleRoom }) => (
  <RoomNav viewer={viewer} rooms={PEOPLE_ROOMS} label="Accounts" here={here} />
)
