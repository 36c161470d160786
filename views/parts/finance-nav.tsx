/** The rooms of finance, at the top of each of its pages. */
import type { Viewer } from '../../domain/pages.ts'
import { FINANCE_ROOMS, RoomNav } from './rooms.tsx'

export type FinanceRoom = (typeof FINANCE_ROOMS)[number]['path']

export const FinanceNav = ({ viewer, here }: { viewer: Viewer; here: FinanceRoom }) => (
  <RoomNav viewer={viewer} rooms={FINANCE_ROOMS} label="Finance" here={here} />
)
