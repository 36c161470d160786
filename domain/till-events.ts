/** What is told of tills and of days that are closed. */
/** Who counted stays in the books. */
export type TillEventData = {
  till_session_id: string
  till_id: string
  opened_at: string
  closed_at: string
  currency: string
  expected: string
  counted: string
  difference: string
  reason: string | null
}
export type DayEventData = {
  day_close_id: string
  day: string
  lines: number
  differences: number
}
