/** The places of the cars that were there before anybody kept them; place by place, so that no drive waits for long. */
export const placesBefore = {
  name: '0041-places-before',
  steps: [
    `DO $$ DECLARE place text; BEGIN
      FOR place IN SELECT code FROM locations LOOP
        INSERT INTO car_places (location_code, vehicle_id)
        SELECT place, v.id FROM vehicles v WHERE v.location_code = place OR v.id IN (
          SELECT h.resource_id FROM holds h WHERE h.to_location = place
            AND h.state IN ('held', 'confirmed', 'active', 'ended'))
        ON CONFLICT DO NOTHING;
        COMMIT;
      END LOOP;
    END $$`,
    'ANALYZE car_places',
  ],
}
