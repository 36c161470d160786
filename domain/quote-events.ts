/** What is told of a quote. */
/** Who asked is not said. */
export type QuoteEventData = {
  quote_id: string
  category: string
  pickup_location: string
  return_location: string
  pickup_at: string
  return_at: string
  currency: string
  total: string
  rules: string[]
}
