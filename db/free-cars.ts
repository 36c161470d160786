/** When a car is free for a trip: one rule, for looking and for taking. SQL of ours; the values are bound. */

/** After this beyond its end, whoever wants the car may end a hold whose workflow is away. */
export const LAPSE_GRACE = "interval '5 minutes'"

/** A hold `h` that is in the way and should be over: its workflow is away. */
export const isLapsed = (from: string, to: string): string => `h.state = 'held'
  AND h.expires_at < now() - ${LAPSE_GRACE} AND h.period && tstzrange(${from}, ${to})`

type Places = { pickup: string; back: string; from: string; to: string }

/** What the calendar counts; a drive that has ended still says where its car stands. */
const COUNTED = "h.state IN ('held', 'confirmed', 'active', 'ended')"

/**
 * A car `v` is free when nothing overlaps, it stands at the pick-up place by then, and whatever comes next leaves
 * from where it is brought back. Takes the names of the bound values ($1 …). A drive to another place that nobody
 * has paid yet may never happen, so until then nobody can count on either end of it. Live holds of a car never overlap each other,
 * so the last one that begins before this trip ends says both whether anything is in the way (one without an end is) and
 * where the car stands. The constraint does not know those that have ended: nobody drives back into the past before one, and behind
 * one a hold that was written later by hand may still stand.
 */
export const isFree = ({ pickup, back, from, to }: Places): string => `
  v.active AND v.status IN ('available', 'rented')
  AND coalesce((SELECT CASE WHEN h.state <> 'ended' THEN coalesce(upper(h.period) <= ${from}, false)
      ELSE lower(h.period) < ${from} AND NOT EXISTS (SELECT FROM holds o WHERE o.resource_id = v.id
        AND o.state IN ('held', 'confirmed', 'active') AND o.period && tstzrange(${from}, ${to})) END
      AND ${pickup} = CASE WHEN h.state = 'held' AND h.from_location <> h.to_location THEN '' ELSE h.to_location END
    FROM holds h WHERE h.resource_id = v.id AND ${COUNTED} AND lower(h.period) < ${to}
    ORDER BY lower(h.period) DESC LIMIT 1), ${pickup} = v.location_code)
  AND ${back} = coalesce((SELECT h.from_location FROM holds h WHERE h.resource_id = v.id
    AND h.state IN ('held', 'confirmed', 'active') AND lower(h.period) >= ${to}
    ORDER BY lower(h.period) LIMIT 1), ${back})`

/**
 * Cars `v` that can stand at this place at all: those that belong there, and those that any drive was ever to bring there
 * (`car_places`). It follows from `isFree` and is said beside it where all cars are asked about, so that only these are
 * looked at.
 */
export const mayStandAt = (place: string): string =>
  `v.id IN (SELECT p.vehicle_id FROM car_places p WHERE p.location_code = ${place})`
